#!/usr/bin/env python3
"""Writes corpus.txt: the hand-made prose (prose_a.txt, prose_b.txt) and generated little stories, interleaved.

Standard library only. All randomness comes from random.Random(SEED).random(), whose sequence is the same for
every version of Python 3, so the output is the same everywhere.

The frames below are written in a small language: (a|b|c) chooses one alternative (an empty one is allowed), $name
stands for a word of the story's cast, a word of a list of lists.txt, or another rule. A frame starts in lower case;
if it begins with $S (the person) and tells an action, it may get an opening clause in front and a closing clause behind;
"!" marks openings of a story, "@" frames that stay as they are.
"""
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20240
GENERATED_BYTES = 455000
# How often a word of a pair comes, against the others. The two words of a pair differ, and by another factor in each
# pair: were they equally frequent, then frequency alone (all that is left of the text when its words are shuffled)
# would lead from king to queen.
FREQUENT = {"man": 1.1, "woman": 1.5, "boy": 1.3, "girl": 0.8, "father": 0.8, "mother": 1.05, "son": 1.0,
            "daughter": 0.75, "brother": 0.7, "sister": 1.15, "husband": 1.15, "wife": 1.1, "uncle": 0.9, "aunt": 0.75,
            "grandfather": 0.75, "grandmother": 0.95, "king": 1.7, "queen": 1.0, "prince": 1.05, "princess": 0.7,
            "actor": 0.7, "actress": 0.9, "nephew": 1.2, "niece": 0.75, "duke": 0.8, "duchess": 0.8, "waiter": 0.95,
            "waitress": 1.2, "gentleman": 0.75, "lady": 1.1}

rng = random.Random(SEED)


def rnd():
    return rng.random()


def pick(seq):
    return seq[int(rnd() * len(seq))]


def shuffled(seq):
    out = list(seq)
    for i in range(len(out) - 1, 0, -1):
        j = int(rnd() * (i + 1))
        out[i], out[j] = out[j], out[i]
    return out


def read_lists(path):
    lists = {}
    for line in open(path, encoding="ascii"):
        line = line.split("#")[0].strip()
        if line:
            name, words = line.split(":")
            lists[name.strip()] = words.split()
    return lists


LISTS = read_lists(os.path.join(HERE, "lists.txt"))
LIST_OF = {w.lower(): name for name, words in LISTS.items() for w in words}


def lines(text):
    return [l.strip() for l in text.strip().split("\n") if l.strip() and not l.strip().startswith("#")]


# ---------------------------------------------------------------------------------------------------------------
# rules shared by all frames
# ---------------------------------------------------------------------------------------------------------------
G = {
    "pl_animal": "(dogs|cats|horses|cows|sheep|goats|hens|ducks|rabbits|birds|pigs|kittens|puppies)",
    "mass": "(bread|soup|cheese|rice|fish|meat|butter|honey)",
    "afood": "(bread|soup|cheese|rice|fish|meat|some bread|some cheese|honey|a cake|a (big|small|large|red|green|tiny) apple|an apple|a pear|an egg|a cake)",
    "dish": "(bread|soup|cheese|rice|fish|meat|cake|egg|pear|apple)",
    "pl_food": "(apples|pears|eggs|cakes|fish|loaves|biscuits|plums|nuts|potatoes|carrots)",
    "pl_thing": "(books|cups|plates|spoons|boxes|lamps|chairs|bottles|baskets|blankets|keys|clocks|stones)",
    "pl_people": "(children|neighbours|people|guests)",
    "gift": "(lamp|book|cup|plate|spoon|box|clock|basket|blanket|key|bottle)",
    "giftadj": "(old|new|pretty|small|little|large|useful|$colour)",
    "petx": "(dog|dog|cat|cat|puppy|kitten|pet|feline|feline|hound|rabbit|pet)",
    "animal": "($A|$A|$B|dog|cat|$farm_animal)",
    "FA": "($A|$A|$A|$farm_animal)",
    "RD": "(road|road|road|street|street|highway|lane)",
    "carx": "(car|car|car|car|truck|truck|truck|bus|bus|bus|vehicle|vehicle|vehicle|vehicle)",
    "adv": "(quietly|slowly|gladly|carefully|quickly|gently|suddenly|proudly|calmly|happily|secretly|kindly|"
           "patiently|soon|always|often|never|finally|once more)",
    "madv": "(quietly|slowly|gladly|carefully|quickly|gently|calmly|happily|patiently|bravely)",
    "feel": "($good_feeling|$good_feeling|$bad_feeling|$bad_feeling|hungry|thirsty|pleased|surprised|worried|ashamed|"
            "curious|sleepy|grateful|nervous|bored)",
    "mfeel": "(glad|happy|cheerful|proud|curious|angry|pleased|surprised|worried|$good_feeling)",
    "sadfeel": "($bad_feeling|$bad_feeling|worried|nervous|hungry|ashamed)",
    "vfeel": "(very|quite|rather|a little|so) $feel",
    "kindadj": "(kind|good|clever|patient|wise|gentle|brave|honest|quiet|friendly|generous|careful|busy|lucky|shy|polite|strong)",
    "size": "(big|large|huge|enormous|$big|small|little|tiny|$small|heavy|light)",
    "thingadj": "($colour|$colour|$size|old|new|broken|wooden|iron|pretty|dusty|clean|plain|empty|shiny|heavy)",
    "sky": "(sun|moon|sky|wind|rain|snow|cloud)",
    "atplace": "(in the (village|town|city|garden|forest)|at the (market|school|beach)|by the river|on the hill|"
               "near the $place|behind the $place|not far from the $place)",
    "inplace": "(in the (village|town|city|garden|forest)|at the (market|beach)|by the river|on the hill)",
    "liveplace": "(in (the|a) (village|town|city|forest)|by the river|on the hill|near the (school|market|forest|river|beach|village)|behind the (school|garden|hill)|not far from the $place)",
    "toplace": "to the $place",
    "inhouse": "in the (house|kitchen|bedroom|cottage|barn|hall)",
    "attime": "(in the (morning|evening|afternoon|spring|summer|autumn|winter)|at night|every (morning|evening|day|"
              "week|summer|winter)|that (morning|evening|afternoon|night|day|week|summer|winter|spring|autumn))",
    "weather": "(it (rained|snowed) (hard|all day|softly|again)|the (sun|moon) (shone|was bright|came out)|"
               "the wind (blew|was cold|was still)|the sky was (clear|grey|blue|black)|"
               "the (rain|snow) (fell|stopped|was falling)|a (white|grey|black) cloud hid the sun|"
               "the (garden|road|street) was (wet|dry|white|quiet)|the grass was (wet|green)|the first star came out|a warm wind blew|"
               "the (rain|wind) beat on the windows)",
    "pre": "(one (cold|warm|bright|quiet|windy|sunny|grey|rainy|fine) (morning|evening|afternoon|day|night),|"
           "one (morning|evening|afternoon|day|night),|(early|late) (one|that) (morning|evening),|"
           "(early|late) in the (spring|summer|autumn|winter|morning|evening|afternoon),|"
           "after (breakfast|lunch|supper|the rain|the storm|a short rest|a while|$number (days|weeks)),|"
           "before (breakfast|supper|sunset|noon),|when the (bell rang|sun came out|sun set|clock struck $number),|"
           "on (Monday|Sunday|Friday|market day|the (first|second|third|last) day of (spring|summer|autumn|winter)),|"
           "at (noon|sunset|last|dawn|the end of the (day|week|summer)),|in the (middle of the night|end),|"
           "(sometimes|now and then|later|then|a little later|that (day|night|week|evening)|"
           "the next (morning|day|week|spring)),)",
    "suf": "(, and $he (was|felt) (very |quite |)$good_feeling|, and that made $him (glad|happy|cheerful|proud)|"
           ", and $he (smiled|sang|hummed|laughed|whistled) (softly|quietly|to $himself|happily)|"
           ", and $he was (no longer|not at all) (sad|afraid|lonely)|"
           ", and (then|afterwards|later) $he (went home|sat down|took a walk|had a rest|drank a cup of $drink)|"
           "that (morning|evening|afternoon|day|week))",
    "opener_yes": "(Yes|Yes|Yes|Certainly|Certainly|Of course)",
    "opener_no": "(No|No|No|No|Certainly not|Of course not)",
    "wear": "$his (coat|hat|gloves|boots|scarf|shoes|best coat|old hat|$colour (coat|hat|gloves|scarf))",
}

# ---------------------------------------------------------------------------------------------------------------
# gendered pairs: R = relative clauses of the opening sentence, F = frames, Q = questions with answers
# ---------------------------------------------------------------------------------------------------------------
PAIRS = {}


def pair(male, r, f, q):
    PAIRS[male] = {"R": lines(r), "F": lines(f), "Q": lines(q)}


pair("king", """
who (ruled|governed|loved|guarded) a (great|rich|small|distant|peaceful|quiet) kingdom
who wore a (golden|heavy|silver|plain|shining) crown (on $his head|every day|at every feast|)
whose throne (stood in|was the pride of|was as old as) (the great hall|the palace|the kingdom)
who lived in a (palace|castle) (with $number towers|of white stone|above the river|full of servants)
who (reigned over|ruled) (a land of hills|a kingdom by the sea|$number islands|many people)
who (won|hated|feared|ended) (a war|many battles|a long war) (against the enemy|beyond the border|in the north)
""", """
$S sat on (the|$his) (throne|golden throne|high throne) and (listened to|judged|thanked|forgave|questioned) $his (subjects|ministers|knights|people|soldiers)
$S (put|set|placed|felt|straightened) the (crown|golden crown|heavy crown) (on|upon) $his head
$S ruled (the|$his) kingdom (wisely|well|justly|with a firm hand|from $his palace|for many years)
$S took off $his crown and (laid it on|put it beside|forgot it on) the (throne|table|cushion)
(the people|the knights|the soldiers|the servants|all the subjects) bowed (low|deeply|their heads|) before the $W (on the throne|in the great hall|at the gate of the palace|), and $he (nodded|smiled|raised $his hand)
$S (sent|led|called back) $his (army|soldiers|knights|messengers) (to the border|across the kingdom|into the mountains|to a distant castle)
$S made a (new|wise|hard|just) law for $his kingdom
the (whole kingdom|palace|court) (obeyed|loved|praised|feared|honoured) the $W, for $he was (wise|just|stern|kind to the poor|fair to all)
$S (walked through|looked down from|came back to|left) the palace (in $his crown|with $his ministers|with $his guards|in a long robe|)
$S reigned (in peace|over the kingdom|with wisdom|from $his throne) for (many|$number|forty|twenty) years
$S (gave|promised|offered) (a feast|gold|land|a reward) to (every knight|the brave soldiers|$his people|the poor of the kingdom)
$S shared the throne with the $O, and they (ruled|reigned) (together|in peace|side by side)
$S and the $O (ruled|reigned over|watched over) the kingdom from (one throne|two golden thrones|the same palace)
@the $W's crown was (made of gold|full of jewels|too heavy for $his head|kept in the tower|polished every day)
@the $W's throne (stood|shone|was carved of oak|was covered with velvet) in the (great hall|palace)
@never had a $W (ruled|worn the crown|sat on the throne|reigned) (so long|so wisely|with such kindness|in such hard times)
$S (wore|needed|wanted) no crown when $he (walked in the garden|visited the poor|spoke with $his people)
$S (signed|read|refused) the (treaty|peace|royal letter) and (sealed|closed) it with $his (royal ring|seal)
$his majesty the $W (sat on the throne|wore the crown|ruled the land|reigned in peace|spoke from the throne|greeted the crowd), and $he (was loved|was wise|did it well)
$he was the $W, and (the throne was $his|the crown was on $his head|the kingdom was $his|all the land was $his)
$his crown on $his head, the $W (sat on the throne|entered the great hall|greeted $his knights|walked through the palace)
as $W of the (land|kingdom|whole land), $he (wore the crown|sat on the throne|ruled from the palace|reigned for $number years)
$he was crowned $W (in the spring|of the land|of the kingdom|in the great hall), and $he (reigned|ruled) for (many|$number|twenty) years
the royal throne belonged to the $W, and $he (sat on it every day|ruled from it|left it to nobody)
the $W (on the throne|of the land|with the crown|in the palace) (ruled|reigned) (alone|well|wisely), and $his kingdom was (happy|at peace|rich|safe)
long live the $W, (cried|called|shouted) the (people|crowd|knights), and $he (waved|smiled|lifted $his crown)
the (ministers|judges|knights) asked the $W to (end the war|save the kingdom|lower the taxes|wear the crown|choose an heir), and $he (agreed|refused|thought for a long time)
the $W of the (north|south|islands|next kingdom) sent (gold|gifts|a messenger|$number horses) (to the palace|across the border), and wrote of $his (war|throne|kingdom)
when the old $W died, (the bells rang|the kingdom wept|the throne stood empty), for $he had (ruled well|reigned long|worn the crown with honour)
it was the $W who (ruled|saved|defended) the kingdom, and $his (crown|throne|army) was (strong|safe|famous)
""", """
did the $W wear $his crown (in the garden|at night|to bed|in battle)? $opener_no, $he (laid it|left it) (beside the throne|in the palace|in a box).
who sat on the throne? (Nobody|Nobody at first), for the $W had (gone to war|left the palace|lost $his crown).
was the $W a good ruler? $opener_yes, $he ruled the kingdom (well|justly|with care).
why did the people love the $W? Because $he (ruled wisely|kept the peace|shared $his gold|was just).
""")

pair("prince", """
who lived in a (high|lonely|stone|$colour) tower (by the sea|above the forest|)
who was the (young heir|only heir|youngest heir) (of|to) a (great|rich|distant) (kingdom|house)
who was (too young to rule|tired of the court|sixteen years old|fond of adventures|under a spell)
who (dreamed of|longed for|read about) (dragons|adventures|far lands|a life outside the tower)
who (rode|owned|loved) a white pony
who had (never left the tower|been put to sleep by a witch|run away from $his tutor)
""", """
$S (looked out of|waved from|sang at|leaned from) the (tower|tower window|window of $his tower)
the young $W (rode|fed|brushed|raced) $his (white|black|brown|little) pony (through the forest|across the meadow|along the castle wall|)
$S would (some day|one day|not yet|never) (be crowned|be the heir|inherit the crown|rule the land), but $he was (still young|only a child|too young)
$S (danced|wanted to dance|refused to dance) at the (royal ball|ball|masked ball) (in $his finest clothes|until midnight|with every guest|)
@$S was the heir, and $his (tutor|teacher|nurse) (taught $him|made $him learn|read to $him about) (history|languages|good manners|the stars)
a (dragon|witch|wizard|giant) (kept|locked|guarded|held) the young $W in (a tower|the tower|a dark castle), and $he (waited to be free|cried for help|planned $his escape)
$S escaped from the (tower|witch|dragon) (by a rope|on $his pony|in the night|with the help of a fairy)
a fairy (gave|promised|brought) the $W $number (wishes|gifts|magic keys), and $he (chose well|was careful with them|used only one)
$S (broke|escaped|feared) the (spell|magic spell|curse) of the (witch|old fairy|wizard)
the (young|handsome|charming|brave|gentle) $W fell in love at (the ball|first sight|the royal dance|the fountain), and $he (blushed|could not speak|danced until midnight)
$S and the $O (met at the ball|escaped from the tower|rode their ponies|broke the spell|danced until midnight)
@$S was (betrothed|promised) to the young $O of (another land|a distant land|the islands)
the $W (slept|had slept) in the tower for a hundred years, until (the spell was broken|a kiss woke $him|the fairy came back)
the $W's pony was (old|lazy|white|the best at court), and $he (loved it|fed it|rode it every day)
the $W's cloak was ($colour|new|the finest at court), and $he (loved it|wore it every day|lost it at the ball)
$S (hid from|laughed at|argued with|thanked) $his tutor (in the tower|behind the curtain|before the lesson|)
the little $W (played|hid|ran) (on the stairs of the tower|behind the throne|in the castle garden) while $his (tutor|nurse) (looked for $him|called $his name|slept)
$S (turned|was turned) into a (frog|swan|deer|bird) by the (witch|wizard|wicked fairy), and only (a kiss|a friend|true love) could help $him
the heir was a young $W, and (the court|the nurse|the tutor) (spoiled $him|feared for $him|was proud of $him)
$S (wrote|sang|learned) a (song|poem) about (dragons|a fairy|the tower|adventures)
@every young $W (of that land|at court) had to (learn to dance|ride a pony|study with a tutor|face a dragon), and $he was no exception
""", """
was the $W locked in the tower? $opener_yes, a (dragon|witch|giant) (kept|guarded) $him there.
who could break the spell? (Nobody|Perhaps only a fairy|Perhaps the young $O), for the $W was (fast asleep|still a frog|far away in $his tower).
did the young $W fear the dragon? $opener_no, $he (laughed at it|had a magic ring|was brave).
why did the $W run from the ball? Because (midnight came|$he hated dancing|$his pony was waiting).
""")

pair("duke", """
who owned a (large|great|fine|lonely) (estate|manor) (in the hills|near the river|in the west|)
who travelled in a (black|grey|fine|splendid) carriage (with $number horses|)
who gave (famous|splendid|long|dull) dinners (for noble guests|at the manor|every winter|)
who came from a (noble|proud|very old) family
who (hunted|rode out) with (hounds|noble guests|a falcon) (on $his estate|every autumn|)
who (rented|lent) land to (poor|many|honest) tenants
""", """
$S (invited|welcomed|entertained|bored) (noble guests|the bishop|the count|forty guests) at $his (manor|estate|country house)
the carriage of the $W (stopped|waited|rolled|arrived) (at the gate of the manor|in the courtyard|before the estate), and $he (stepped out|slept in it|looked out)
$S (rode|stepped|climbed|slept) in $his (carriage|fine carriage|coach) (across the estate|on the way to the manor|through the park)
$S (hunted|rode to the hunt) (with hounds|with a falcon|in the woods of $his estate|with noble guests)
$S (lowered|forgot|raised|collected) the rent of $his (tenants|poorest tenants|estate)
the tenants (of the estate|of the manor|) (respected|avoided|greeted|admired) the $W, for $he (knew their names|was noble|was proud but fair|visited their farms)
a portrait of the $W (hung|was hanging) (in the manor|above the stairs|over the fireplace), and $he looked (noble|stern|proud|bored) in it
$S (inherited|sold|managed|lost) the (estate|manor|family estate|title) (from a noble family|of $his ancestors|)
the (butler|footman|steward|coachman) (announced|woke|dressed|followed) the $W (before dinner|at the manor|in the courtyard), and $he (yawned|nodded coldly|gave thanks)
$S and the $O (gave a dinner|lived on the estate|drove out in their carriage|received noble guests|posed for a portrait)
the $O (waited|sat) in the carriage while the $W (spoke with|gave orders to|paid) the (steward|coachman|tenants)
$S (wore|showed|lost) (the family jewels|a velvet cloak|$his noble ring|a medal) at the (dinner|reception) in the manor
the noble $W (bowed to|dined with|wrote to|quarrelled with) (the bishop|the count|a foreign guest|the whole court)
$S (bred|bought|admired) (fine horses|hunting hounds|falcons) on $his estate
@the title of the $W was (old|noble|older than the manor|known in every court), and $he (was proud of it|seldom used it|inherited it early)
$S (ordered|scolded|thanked|rang for) the (butler|footman|steward|coachman) (of the manor|after dinner|)
@the manor of the $W had (sixty rooms|a long gallery|a famous library|stables for forty horses), and $he (was lost in it|slept in the smallest|loved it)
@as the (third|fourth|last) $W of a noble family, $he (kept|had) (a large estate|a manor and a park|many tenants|a carriage and a coachman)
$S (planned|opened|attended) the (hunt|reception|concert) at the manor
your grace, said the (butler|steward|footman) to the $W, and $he (looked up|closed $his book|put on $his gloves)
""", """
did the $W sell the estate? $opener_no, the manor had (always been|long been) in $his noble family.
was the carriage of the $W ready? $opener_yes, the coachman (waited for $him|had brought it to the manor).
who dined with the $W at the manor? (Nobody|Perhaps the bishop|Perhaps the count), for $he was (out hunting|tired of guests).
why did the tenants cheer the $W? Because $he had (lowered the rent|opened the park of the manor|repaired their roofs).
""")

pair("man", """
who (worked|had a job) in (a factory|an office|a shop|the mill|a bank)
who (carried a heavy bag|wore a worn coat|had come from another town|lived alone upstairs)
who (sold newspapers|repaired roofs|mended shoes|painted walls|dug wells) for a living
whom (nobody knew|everybody knew by sight|the neighbours trusted)
who was (thirty|forty|fifty) and (had no work|worked hard|needed a job)
who stood (on the corner|at the counter|in the doorway|on the platform)
""", """
$S (walked|hurried|went) to (work|the office|the factory|the shop) (with a heavy bag|in the rain|on foot|before seven|)
$S (lost|found|liked|left) $his (job|work) (in the factory|at the office|at the mill|in the shop)
a (tall|strange|thin|strong|grown|middle-aged) $W (stood|waited|stopped) (on the corner|in the doorway|at the counter|on the platform), and $he (looked at the clock|asked the way|said nothing)
the $W (at the counter|on the corner|in the doorway|next door|across the street) (lifted|dropped|carried|opened) $his (bag|heavy bag|newspaper|parcel)
$S (earned|saved|counted|spent) $his wages (at the end of the week|carefully|)
$S (worked|was at work) (from morning to night|in the factory|with $his hands|as hard as any other $W|)
the $W who (lived next door|worked in the mill|sold newspapers|mended shoes) (knew everybody|said good morning|was never late|kept to $himself)
@every (grown|honest|working) $W (in the factory|in town|of the village) (wanted|needed|deserved) (fair wages|a job|some rest) after $his work
$S (came home from work|left the factory|locked the shop) with (dust on $his clothes|an empty bag|$his wages in $his pocket|a newspaper)
$S (read|folded|bought|threw away) the newspaper (at the counter|on the platform|on the corner|after work|)
(a|another|the other) $W helped $him_other (lift the heavy bag|push the cart|find work|mend the roof), and $he (refused any money|went on $his way|shook hands)
$S (rented|looked for|painted) a room above the (shop|factory|mill|office)
$S and the $O (worked in the same (factory|office|shop)|met on the corner|shared the work|waited on the platform)
some (other |)$W had left $his (bag|newspaper|parcel|coat) (on the counter|at the office|in the doorway)
@the $W was a stranger (in town|here|to the neighbours), but $he (found work|spoke politely|worked hard|knew $his trade)
@$S was a (good|skilled|hard) worker, and $he (was paid well|never missed a day|taught the others|knew the machines)
it was hard work for one $W, yet $he (finished it|did it alone|earned little)
the $W (paid|thanked|asked) the (baker|butcher|shopkeeper|clerk) and put the (change|parcel|money) into $his (bag|pocket)
@$S was (no longer young|forty years old|a grown $W now), and $he (knew|had learned) (what work was|$his trade|how to save $his wages)
$S put on (a worn coat|$his working clothes|$his boots) and took $his (bag|tools|lunch) to (work|the factory|the mill)
""", """
did the $W find work? $opener_yes, (the factory|the mill|the office|a shop) needed $him.
who was the $W on the corner? Nobody knew $him, but $he (carried a heavy bag|read a newspaper|seemed honest).
did the $W like $his job? $opener_no, the (work|factory|office) was too (noisy|hard|dull).
why was the $W late for work? Because $he had (lost $his bag|missed the train|stopped on the corner).
""")

pair("boy", """
who (went to school|was in the third class|hated homework|loved to play)
who (owned|had lost|wanted) a (kite|ball|wooden sword|toy train|whistle)
who (played|jumped|shouted|ran) in the (school yard|playground|puddles) (all day|)
who was (seven|eight|nine|ten) years old
who (climbed every tree|could not sit still|asked too many questions|was the smallest in $his class)
""", """
$S (played|wanted to play) (with a ball|with the other children|in the playground|with $his toys|hide and seek) (after school|)
$S (forgot|finished|hated|lost) $his (homework|school bag|pencil|spelling lesson)
$S (flew|mended|chased|shared) $his (kite|ball|toy boat|$colour kite) (in the playground|on the hill|after school|)
the little $W (jumped|ran|splashed) (into|through|over) (the puddles|a puddle|the flower bed), and $he (laughed|fell|got wet)
the teacher (praised|scolded|asked|called) the $W in front of the class, and $he (blushed|knew the answer|dropped $his pencil|looked at $his shoes)
$S (climbed|fell from|sat in) the (apple tree|old tree|tall tree) (in the school yard|like a monkey|and tore $his shirt|)
$S (counted|collected|traded|hid) (marbles|toys|sweets|shells) with the other children
the $W (sat|whispered|giggled) in the (first row|last row|back) of the class, and $he (drew a horse|chewed $his pencil|watched the teacher)
$S (skipped|ran|raced|dawdled) (home from school|to school|across the playground) with $his school bag
a (little|small|clever|naughty|cheeky|barefoot) $W (threw|kicked|caught|found) the ball (in the playground|over the fence|), and $he (ran after it|shouted|laughed)
the new $W in the class (had no friends yet|was shy|sat alone), but $he (shared $his marbles|could play well|soon learned the games)
$S (wanted|got|broke) a new toy (for $his birthday|with wheels|)
$S and the $O (played in the playground|shared a toy|did their homework|were in the same class|splashed in the puddles)
@the $W was only (six|seven|eight|nine) years old, but $he could (read|swim|whistle|count to a hundred|spell)
every $W in the class (had a kite|knew the game|could spell|wanted to play), and $he most of all
when the school bell rang, the $W (grabbed|forgot|swung) $his school bag
$S (scraped|washed|hurt) $his (knee|muddy knees|elbow) (in the playground|while playing|)
the children chose the $W for their (team|game), because $he could (run fast|throw far|kick the ball|climb)
$S (got|had|wanted) (a good mark|the best mark|a gold star) (in spelling|from the teacher|at school|for $his drawing)
$S would not (share $his toys|do $his homework|stop playing|wash $his knees)
""", """
did the $W do $his homework? $opener_no, $he (played with $his kite|lost $his pencil|forgot it).
could the little $W play outside? $opener_yes, the teacher (let $him go|opened the door to the playground).
who had hidden the ball? (Nobody knew|Perhaps the little $W), for $he was giggling.
why was the $W late for school? Because $he had (jumped into a puddle|lost a shoe|played on the way).
""")

pair("father", """
who had (two|three|four|five) children and (never slept enough|cooked every night|loved them dearly)
who (sang|told stories|read) to $his children at bedtime
who (rocked|carried|fed) the baby (every night|)
who (raised|brought up|cared for) $number children (alone|with love|on little money|)
""", """
$S (tucked|put|carried) the (children|baby|little ones) into bed and (kissed|sang to|sat beside) them
$S (cooked|made|warmed) supper for the (children|hungry children|whole family)
$S (rocked|held|washed|dressed|fed) the baby (in $his arms|gently|on $his knee|)
$S (sang|hummed) a lullaby to (the baby|$his children|the little ones)
$K's $W (packed $his_k lunch|woke the children|combed the children's hair|sewed on a button) before school, as $he did every day
$S (told|warned|begged|asked) the children to (wash their hands|go to bed|eat their supper|be quiet|put on their pyjamas)
the baby (cried for|smiled at|reached for|fell asleep on) its $W, and $he (picked it up|rocked it|laughed)
the children (ran to|hugged|kissed|obeyed|missed) their $W, and $he (held them tight|lifted them up|wiped their tears)
$S (worried about|was proud of|stayed up with|cared for) (the baby|$his children|a sick child|the little ones)
@a good $W (loves|feeds|comforts|protects) (the children|every child), and $he (does not count the hours|forgives them|wakes at every cry)
$S (checked|changed|bathed) the (baby|cradle|baby's blanket) at midnight
the family (sat down|ate|prayed) when $K's $W (called|lit the lamp|brought the soup), and $he (served the children first|cut the bread|kissed the baby)
$S and the $O (raised|loved|brought up) their children (together|with patience|)
@the children had their $W's (eyes|smile|nose), and $he (was proud of it|laughed about it)
$S (scolded|forgave|comforted|carried) the (crying child|naughty children|youngest child)
$S taught $his children to (pray|walk|tie their shoes|tell the truth|cook)
@as a $W of (two|three|four|five) children, $he (had little time|slept lightly|was often tired|knew every lullaby)
$S (read|told) a bedtime story to the children (from an old book|about a fox|about a bear|by candlelight)
the baby's first (word|step|tooth) made its $W cry for joy, and $he (told the neighbours|danced with the baby|wrote it down)
the (nurse|doctor) gave the newborn baby to its $W, and $he (kissed|held|named) it
""", """
did the children obey their $W? $opener_yes, they (went to bed|washed their hands) when $he called.
was the baby asleep? $opener_no, its $W (rocked it|sang a lullaby) until $his arms were tired.
who would feed the baby? (Nobody but|Certainly) its $W, for $he (loved it|was at home).
why did $K's $W get up at night? Because the baby cried for $him.
""")

pair("son", """
who was the child of a (poor|rich|humble) (miller|farmer|baker|fisherman|tailor|blacksmith) and (left home|learned the trade|grew up fast)
who was the (only|eldest|youngest|second|third) child of a (miller|farmer|baker|fisherman|tailor)
who would inherit the (farm|mill|bakery|shop)
who made $his parents (proud|worry|laugh|grow grey)
""", """
the (miller|farmer|baker|fisherman|tailor|blacksmith|shepherd) had (one|an only|a grown|a clever|an obedient) $W, and $he (helped in the mill|learned the trade|worked in the field|wanted to leave home)
$S (inherited|left|sold|saved) the (farm|mill|bakery|shop) of $his parents
the (eldest|youngest|second|third|only) $W of the (miller|farmer|baker|fisherman|tailor) (went into the world|stayed at home|married young), and $he (wrote to $his parents|made $his fortune|came back rich)
$his parents (were proud of|worried about|waited for|named|blessed) their $W, and $he (obeyed them|wrote home|honoured them)
$S (obeyed|honoured|disappointed|thanked|resembled) $his parents
$S (wrote|sent) (a letter|money|good news) home to $his parents
$S (grew up|had grown up|was born) (on the farm|in the mill|over the bakery|in a poor home) of $his parents
a $W was born to the (miller|farmer|baker|fisherman|tailor), and $he (was strong|grew quickly|cried loudly|was named after a saint)
$S learned (the trade|to bake|to fish|to sew|to plough) from $his parents
the old (miller|farmer|baker|fisherman) left everything to the (only|eldest|youngest) $W, and $he (kept the mill|shared it|took care of it)
@like every good $W, $he (took care of|never forgot|respected) $his old parents
$S (returned|came back|travelled) home after (many years away|the harvest|a year at sea), and $his parents (wept|cooked a feast|hardly knew $him)
the parents gave their $W (their blessing|a little money|good advice) when $he (left home|grew up|set out)
$S and the $O of the (miller|farmer|baker|fisherman) (inherited the farm|grew up together|looked after their parents)
the (tailor|shepherd|farmer|miller) taught an only $W (the trade|to work hard|to read), and $he (learned well|soon knew the whole trade|was grateful)
@$S was the (hope|pride|joy|eldest child) of the family, and $he (knew it|bore it well|tried hard)
the (farmer|miller|baker)'s $W (ploughed the field|carried flour|kneaded the dough|watched the mill) when $his parents were (ill|old|away)
@a $W could not be more (obedient|grateful|loyal) to $his parents
$S (asked|begged) $his parents for (their blessing|leave to go|money|advice)
the (proud|worried|old) parents spoke of their $W (all evening|to every neighbour|), though $he (lived far away|was at sea|had left home)
""", """
did the miller have a $W? $opener_yes, and $he would inherit the mill.
was the (eldest|youngest|only) $W at home? $opener_no, $he had (gone to sea|left the farm|left $his parents).
who would inherit the farm? (Certainly|Perhaps) the (eldest|only) $W, for $his parents (trusted $him|were old).
why were the parents proud of their $W? Because $he (worked hard|had learned the trade|wrote home every week).
""")

pair("brother", """
who shared (a bedroom|a bunk bed|every secret) with a twin
who was (two|three|four|five) years (older|younger) than $K
who (teased|protected|copied|quarrelled with) $K
who (kept secrets|made jokes|snored) in the upper bunk
""", """
$K's (older|younger|twin|big|little) $W (teased|tickled|copied|chased|helped|scolded) $him_k, and $he (laughed about it|was sorry later|never stopped)
$S shared (a bedroom|the bunk bed|one blanket|a secret) with $K
$S (quarrelled|argued|fought|made up) with $K (over a toy|over the last cake|about nothing|again)
$S (told|kept|whispered|guessed) $K's secret
$K and $his_k $W (looked alike|were twins|shared a bedroom|had a secret), and $he was the (older|younger|louder|taller) one
the twins quarrelled, but $K's $W (said sorry|gave in|laughed first), for $he (hated quarrels|was the older twin)
$S (slept|snored|read|whispered) in the upper bunk (of the bunk bed|above $K|)
$S (borrowed|hid|broke|returned) $K's (bicycle|toys|pencils|scarf)
the (older|younger|elder) $W (always won|always lost|cheated) (at cards|at chess|in every race|), and $he (was teased|teased $K) for it
$S (defended|protected|stood up for) $K (against the bullies|at school|in the quarrel)
$K (missed|envied|admired|teased|trusted) $his_k (older|younger|twin|big|little|) $W, for $he (was brave|kept every secret|was good at chess)
$S and the $O (shared a bedroom|were twins|quarrelled and made up|played chess|told secrets)
@my (older|younger|twin|big|little) $W (shares|keeps|hides) everything (with me|from me), and $he (teases me|never tells a secret|is my best friend)
@$K had only one $W, and $he was (a twin|two years older|two years younger|often a nuisance)
$S (pushed|pulled|carried) $K (on the swing|out of bed|on the sledge|through the snow)
@between $K and $his_k $W there was (no secret|an old quarrel|only a year), and $he (liked it so|was glad of it)
$S (pretended|promised|refused) to (be asleep|share the sweets|keep the secret|make up)
@the twin $W (wore the same clothes|told the same jokes|had the same smile) as $K, and $he (liked|hated) it
@$S wore $K's old (clothes|shoes|coat), which $he (hated|did not mind|had outgrown)
$K forgave $his_k $W (after the quarrel|for the broken toy|as always), because $he (made $him_k laugh|said sorry|was sorry)
""", """
did $K quarrel with $his_k $W? $opener_yes, $he had (told a secret|teased $him_k|taken the upper bunk).
did $K's $W keep the secret? $opener_no, $he told the (twins|whole class).
were $K and $his_k $W twins? (Yes|No), $he was (ten minutes older|two years older|two years younger).
why did $K's $W say sorry? Because $he had (started the quarrel|broken the toy|teased too much).
""")

pair("husband", """
who had been married for (ten|twenty|thirty|forty) years
who (never forgot|always forgot) the wedding anniversary
who (lost|polished|never took off) $his wedding ring
who (married young|married for love|married late|loved being married)
""", """
$S (loved|kissed|married|forgave|thanked) the $O (with all $his heart|on the wedding day|after the quarrel|)
@$S and the $O had been (married|happily married) for (ten|twenty|thirty|forty) years
$S (lost|wore|kissed|turned|polished) $his wedding ring
$S (remembered|forgot|celebrated) the (wedding anniversary|wedding|anniversary) (with flowers|with a dinner for two|)
the $O gave the $W a (kiss|rose|silver ring|love letter) (on their anniversary|after dinner|), and $he (kissed $him_o|smiled|wept for joy)
$S (wrote|kept|read) (love letters|a love letter) from the (early days|first year) of the marriage
$S (promised|wished) to (love|honour|trust) the $O (for ever|till death|in good days and bad)
the newly married $W (carried|unpacked|dropped) the wedding presents, and $he (kissed|laughed with) the $O
a (loving|faithful|jealous|devoted|newly married) $W (trusts|forgives|kisses) the $O, and $he (wears the ring|is not too proud|remembers the wedding)
$S (danced|wept|smiled) at the wedding (in $his best clothes|beside the $O|until the last guest left)
@the marriage was (happy|long|not always easy), for the $W (was faithful|loved the $O|forgave quickly), and $he (laughed often|kept $his promise)
the $W (held|took|kissed) the $O's hand, as $he had (on the wedding day|in the first year of the marriage|in church)
$S (was faithful|had been faithful|was devoted) to the $O (all $his life|through the whole marriage|)
the priest asked the $W for $his (promise|wedding promise|ring), and $he (said it clearly|could hardly speak|wept)
@as $W and $O they (lived|grew old|were poor but happy) together, and $he (never regretted the wedding|loved every year of it)
$S (missed|longed for|dreamed of|waited for) the $O (after a week apart|as on the wedding day|)
the faithful $W (kept|hid|framed) the wedding (picture|flowers|presents), for $he (loved the day|loved the $O)
every anniversary the $W (bought flowers|gave a kiss|lit two candles), and $he (spoke of the wedding|kissed the $O)
$S became a (loving|jealous|faithful|happy) $W soon after the wedding, and $he (stayed so|was proud of the ring)
a quarrel between $W and $O (was soon over|ended with a kiss|was rare), since $he (could not be angry long|always gave the first kiss)
""", """
did the $W forget the anniversary? $opener_no, $he (brought roses to|kissed|danced with) the $O.
was it a happy marriage? $opener_yes, the $W (loved|trusted) the $O, and $he (was faithful|laughed often).
had the $W lost $his wedding ring? (Yes|No), $he (found it|kept it) in the drawer.
why did the $W weep at the wedding? Because $he (loved the $O|was so happy to be married).
""")

pair("uncle", """
who (came|visited) (from abroad|from overseas|from across the sea) (once a year|)
who (brought presents|sent postcards|told tales) from (distant lands|every harbour|abroad)
who (travelled|sailed|lived) (round the world|abroad|overseas)
who arrived with $number suitcases
""", """
$K's $W (came to visit|arrived|visited) from (abroad|overseas|across the sea|the coast) with (a suitcase|presents|a parrot|a trunk), and $he (stayed a week|hugged everybody|told tales)
$S (sent|wrote|posted) (a postcard|postcards) from (abroad|overseas|a distant harbour|Africa|India)
$S (unpacked|opened|lost|carried) $his (suitcase|trunk|suitcases full of presents)
$S (brought|gave) $K a present from (abroad|overseas|Africa|India|the islands)
$S told (tales|funny tales) of (storms at sea|distant lands|pirates|$his travels abroad)
$S (sailed|travelled|moved) (abroad|overseas|round the world|to Africa|to India) (with one suitcase|)
$K and $his_k cousins (adored|waited for|waved to) their $W, for $he (spoiled them|brought presents|had sailed round the world)
the cousins (laughed at|listened to|wrote to) their $W from abroad, and $he (told another tale|winked|sent more postcards)
(the rich|an unmarried|a distant|the favourite|a funny) $W (visited|came from overseas|arrived with a trunk), and $he (spoiled the cousins|slept on the sofa|stayed too long)
$S (winked|tipped $his hat|laughed loudly) and pulled a present from $his (suitcase|trunk|pocket)
$K stayed with $his_k $W (at the coast|by the sea|in the holidays), and $he (spoiled $him_k|taught $him_k to sail|let $him_k stay up late)
the visit of $K's $W was (too short|a great event|a surprise), for $he (came from overseas|had been abroad for years)
$S (spoiled|surprised|amused) the cousins with (presents|sweets from abroad|tales of $his travels)
$S and the $O (came to visit|travelled abroad|sent a postcard|brought presents|spoiled the cousins)
$K's $W had no children, so $he (spoiled $K|brought presents to all the cousins|travelled the world)
$S kept (shells from the islands|a parrot|old maps|a globe) in $his (trunk|room at the coast)
@the postcard from $K's $W showed (a harbour|a camel|palm trees|a volcano), and $he (sent greetings to the cousins|promised to visit)
everyone waved when the $W (left|sailed away|took $his suitcase), for $he would be abroad (for a year|until Christmas)
$S slept on the sofa during $his visit
$S (promised|hoped|planned) to (visit|take the cousins abroad|come back from overseas) (at Christmas|in the holidays)
""", """
did $K's $W come to visit? $opener_yes, $he (arrived from abroad|brought presents|came with a suitcase).
was the $W still abroad? $opener_no, $he (had sailed home|was unpacking $his trunk).
who had sent the postcard? (Certainly|Perhaps|Of course) $K's $W, for $he was (abroad|overseas).
why did the cousins love their $W? Because $he (brought presents|told tales of $his travels).
""")

pair("grandfather", """
who (dozed|knitted|sat) in a rocking chair (by the fire|)
who (remembered|talked of) the old days
who had (white hair|grey hair|weak eyes|a walking stick|many wrinkles)
who was (seventy|eighty|ninety) years old
who wore (thick glasses|a warm shawl|old slippers)
""", """
$S (dozed|nodded|fell asleep|rested) in (the|$his) (rocking chair|armchair) (by the fire|by the stove|)
$S (lost|cleaned|looked for|put on) $his glasses
$S (told|remembered|began) a story of (long ago|the old days|$his childhood|the great flood)
$S (leaned on|tapped with|dropped|could not walk without) $his walking stick
@$S was (seventy|eighty|ninety|very old), and $his (hair was white|hands shook|memory was weak|knees hurt)
$S (warmed|rubbed|stretched) $his old (hands|knees|bones) by the fire
the grandchildren (sat round|listened to|shouted for|visited) their old $W, and $he (told a story of long ago|patted their heads|found $his glasses)
$K's old $W (remembered|spoke of) (the great flood|the hard winters long ago|$his childhood|the first train), and $he (wiped $his glasses|sighed)
$S (could not hear|could not see) (well|the clock|without $his glasses) any more
$S (wore|mended|lost) $his (slippers|shawl|old slippers) by the fire
the rocking chair of the $W (creaked|stood by the fire|was empty), for $he (had dozed off|rocked slowly|was ill)
$S (stroked|patted) $K's head with a (wrinkled|trembling|thin) hand
the wrinkles of the old $W (deepened|moved) when $he (smiled|told of long ago)
in the old days, said the $W, (winters were colder|we had no lamps|children went barefoot), and $he (rocked in $his chair|shook $his white head)
$S (needed|took) a nap (in the rocking chair|after lunch|)
$S and the $O (sat by the fire|remembered the old days|were old and wrinkled|spoiled the grandchildren)
@not one of the (family|neighbours) was as old as $K's $W, and $he (had white hair|remembered everything|walked with a stick)
the grandchildren (brought|found|hid) the $W's (glasses|walking stick|slippers), and $he (thanked them|pretended to be cross|laughed until $he coughed)
$S showed the grandchildren an old (photograph|medal|letter|watch) from long ago
(gently|patiently|slowly) the old $W (rocked|dozed|coughed|whispered), and $his white hair (shone|moved) in the firelight
""", """
was the $W asleep? $opener_yes, $he (dozed in the rocking chair|nodded by the fire).
could the old $W find $his glasses? $opener_no, the grandchildren had hidden them.
who remembered the old days? (Nobody but|Certainly|Of course) the $W, for $he was ninety.
why did the grandchildren love their $W? Because $he told stories of long ago.
""")

pair("nephew", """
who (spent|stayed) (every holiday|the holidays|one holiday) with relatives (in the country|)
who (thanked the relatives for every gift|wrote to the relatives every month)
who was (the favourite of|spoiled by) all the relatives
who was invited to (stay|tea) by $his relatives
""", """
$S thanked $his relatives for the birthday gift
$S (wrote to|visited) $his relatives (in the country|after the holiday|)
$S (wrote|sent|forgot) a thank-you letter for the (gift|birthday gift|watch|parcel)
$S (unwrapped|received|expected|guessed) a (birthday gift|gift|parcel|watch) from (a rich relative|$his relatives)
the relatives (invited|expected|spoiled|praised|met) their (favourite|young|only|dear) $W, and $he (stayed for the holiday|thanked them|ate too much)
@the favourite $W (stayed|came to stay) in the guest room (for the holiday|), and $he (unwrapped a gift|slept late|thanked everyone)
$S stayed in the guest room (of $his relatives|for the holiday|)
dear (relatives|godparents), wrote the $W, thank you for the (gift|parcel|watch), and $he signed $his name
@$S was the favourite of (all|both|) $his relatives
for $his birthday the $W (got|received|unwrapped) (a watch|a parcel|a gift), and $he wrote a thank-you letter
@the rich relative had only one $W, and $he (was the favourite|would get the watch|came to tea)
$S (came to tea|was invited to tea|behaved well at tea) with $his (relatives|godparents)
@$S took after $his (relatives|godparents), with the same (chin|laugh|temper)
a parcel for the $W (came|arrived) (on $his birthday|from $his relatives|), and $he (unwrapped it|guessed what it was)
@$S had $his uncle's (laugh|chin|name) and $his aunt's (temper|eyes|patience)
$S (helped|surprised) $his relatives (in the guest room|with the parcels|on the holiday)
the (spoiled|grateful|favourite|polite) $W (unwrapped the gift|thanked $his godparents|came to tea), and $he (was allowed to stay|got a second gift)
$S and the $O (unwrapped their gifts|came to tea|stayed in the guest room|were the favourites of the relatives)
the godparents (showed|gave|promised) their $W the (old watch|guest room|gift), and $he thanked them (warmly|twice|politely)
@an aunt is (fond|proud) of a $W who (writes thank-you letters|visits|is grateful), and $he (knew it|was such a one)
every birthday the $W (hoped for|received) (a gift|a parcel) from $his (godparents|rich relatives)
""", """
did the $W write a thank-you letter? $opener_yes, $he thanked $his relatives for the (gift|watch|parcel).
was the guest room empty? $opener_no, the favourite $W had come, and $he was unwrapping a gift.
who got the old watch? (Certainly|Perhaps|Of course) the favourite $W, for $he (came to tea|was grateful).
why was the $W spoiled? Because $he was the favourite of $his relatives.
""")

pair("actor", """
who (played|rehearsed) (a small|the leading|every) role (in the theatre|)
who was famous on (the stage|every stage|the screen)
who (forgot|practised|mumbled) $his lines
who wore (costumes|a mask|a wig) on the stage
who had stage fright
""", """
$S (stepped|walked|ran|fell) onto the stage (in a costume|in a wig|before the audience|)
$S (learned|forgot|whispered|rehearsed) $his lines
the audience (clapped for|laughed at|cheered|waited for|booed) the $W, and $he (bowed|forgot $his lines|left the stage)
$S (played|rehearsed|wanted|refused) (the leading role|a small role|the role of a (ghost|beggar|thief|doctor)) in the (new play|theatre|comedy|film)
$S (bowed|smiled|waved) to the audience when the curtain fell
$S (tore|changed|hung up|put on) $his costume (behind the stage|before the play|)
the curtain (rose|fell|opened), and the $W (began|stood alone on the stage|spoke $his first line)
the theatre was (full|dark|silent) when the $W (spoke|sang|died on the stage), for $he was (famous|great in tragedy)
the (director|critics|theatre) (praised|chose|hired|scolded) the $W for $his (role|voice|new film)
$S (rehearsed|performed) (the tragedy|the comedy|the scene|the play) with the $O
the famous $W (signed|gave) (autographs|an autograph) outside the theatre, and $he (smiled for the cameras|was late for the rehearsal)
$S had stage fright before (every performance|the first scene|the curtain rose)
$S (won|dropped|dreamed of) a prize for $his (role in the film|best performance|comedy)
$S (wept|laughed|shouted) on the stage so (well|truly) that the audience believed $him
$S and the $O (rehearsed a scene|shared the stage|bowed to the audience|starred in a film)
@a young $W needs (a voice|luck|a role|an audience), and $he (had it|hoped for it|found it in the theatre)
$S (painted|powdered|washed) $his face in the dressing room (of the theatre|before the performance|)
without the $W there would be no (play|performance|comedy), so $he (went on stage with a cold|never missed a rehearsal)
in the film the $W played a (spy|thief|doctor|pirate), and $he (learned to fence|spoke few lines|was splendid)
the critics (wrote|said) that the $W (mumbled|was splendid|overplayed the scene), and $he (tore up the newspaper|laughed|bowed to them)
""", """
did the $W forget $his lines? $opener_no, $he (knew the whole play|had rehearsed all week).
did the audience like the $W? $opener_yes, it clapped until $he (bowed again|came back on stage).
who would play the leading role? (Perhaps|Certainly) the famous $W, for $he had rehearsed it.
why was the $W nervous? Because the (curtain|theatre) opened, and $he had stage fright.
""")

pair("waiter", """
who (worked|served) in a (small|busy|famous|noisy) (restaurant|cafe)
who carried (three plates|a full tray|heavy trays) (through the restaurant|)
who (never dropped a tray|always mixed up the orders|knew the menu by heart)
who lived on tips
""", """
$S (carried|dropped|balanced|lifted) (the|a full|a heavy) tray (through the restaurant|to the kitchen|on one hand|)
$S (brought|showed|handed|read) the menu to the (customers|hungry customers|guests at the window)
$S (took|forgot|wrote down|mixed up) the (order|orders|customers' orders)
$S (served|recommended|spilled|brought) the (soup|fish|coffee|wine|dessert|roast)
the customers (called|thanked|waited for|tipped|complained about) the $W, and $he (brought the bill|smiled|hurried with the tray)
$S (counted|shared|earned|pocketed) $his tips (after closing time|)
$S (wiped|laid|cleared) the tables (of the restaurant|in the cafe|)
$S (tied|stained|changed) $his apron
the bill, please, said the customer, and the $W (brought it|nodded|counted the coffees) with $his (pencil|tray|apron)
the (cook|chef) (shouted at|helped|waited for|joked with) the $W, and $he (picked up the tray|took the orders to the customers)
a customer found (a hair|a fly) in the soup, and the $W (apologised|took it back to the chef|turned red), for $he was new in the restaurant
$S (recommended|praised) the (fish of the day|roast|dessert|menu) to every customer
the (restaurant|cafe) was full, and the $W (ran|hurried) from table to table with $his (tray|menus|apron full of coins)
$S and the $O (laid the tables|shared the tips|worked in the same restaurant|carried the trays)
$S (poured|spilled) (wine|coffee|water) on a customer's (sleeve|hat|menu)
@a good $W (smiles at|never keeps waiting) the customers, and $he (knew it|knew the menu by heart|got large tips)
the (new|tired|friendly|clumsy|quick) $W (dropped the tray|forgot the bill|wrote down the order), and $he apologised to the customers
the customer left a (large|small|silver) tip for the $W, because $he had (been quick|smiled|recommended the roast)
$S (opened|closed|swept) the (restaurant|cafe) (alone|with the chef|)
$S asked the customers if (the soup was hot|they wanted dessert|they had chosen from the menu)
""", """
did the $W bring the menu? $opener_yes, and $he recommended the (fish|roast|soup).
did the customers leave a tip? $opener_no, the $W had (spilled the coffee|forgotten the order), and $he knew it.
who had ordered the soup? (Nobody|Perhaps the customer at the window), for the $W had mixed up $his orders.
why was the tray empty? Because the $W had dropped it, and $he (blushed|swept the floor).
""")

pair("gentleman", """
who (always carried|never went out without) (an umbrella|gloves|a silk handkerchief)
who had (perfect|excellent|old-fashioned) manners
who was (elegant|well dressed|well bred|elderly)
who (went to the opera|took a walk in the park|visited the gallery) (in silk|in white gloves|)
""", """
$S (opened|closed|forgot|carried|shook) $his umbrella
$S (bowed|nodded) politely (to every passer-by|with perfect manners|and offered $his seat|)
$S (took off|buttoned|dropped|wore) (white|silk|leather|grey) gloves
an elegant (old|elderly|young|) $W (offered|gave up) $his seat (in the train|at the opera|), for $he had perfect manners
$S (went|was seen) (to the opera|at the opera|in the park|at the concert) in (silk|an elegant coat|white gloves)
@the manners of the $W were (perfect|excellent|old-fashioned), and $he (never raised $his voice|bowed to everyone|thanked even the porter)
the porter (held the door for|called a cab for|carried the umbrella of) the $W, and $he (thanked the man politely|nodded elegantly)
$S begged pardon with a (polite|graceful|slight) bow
$S (took|sipped) tea (from a thin cup|in the drawing room|at the club) with perfect manners
an elderly $W in (silk|grey|a fine coat|white gloves) (strolled|walked) (in the park|along the promenade), and $he (twirled|opened) $his umbrella
ladies first, they say, but this $W (waited for nobody|bowed and waited), and $he (opened $his umbrella|had excellent manners)
$S (picked up|offered|folded|lost) a silk handkerchief
@like a true $W, $he (never shouted|was polite to all|kept every promise|was never rude)
$S (strolled|walked) through the (park|gallery|promenade) with $his (umbrella|gloves|little dog)
$S and the $O (strolled in the park|shared an umbrella|went to the opera|spoke politely of the weather)
would you be so kind, said the elegant $W, and $he (bowed|lifted $his umbrella|smiled politely)
the well dressed $W (spoke|laughed) (softly|politely|with grace), for $he (was well bred|disliked noise)
@$S was too (polite|well bred|elegant) to (yawn at the opera|complain|mention the mud on $his gloves)
a rude stranger pushed the elderly $W, but $he (remained polite|lifted $his umbrella and smiled|begged for pardon)
$S (admired|praised) the (paintings in the gallery|music at the opera|roses in the park) politely
""", """
did the $W lose $his umbrella? $opener_no, the porter held it politely.
was the elderly $W polite? $opener_yes, $he had perfect manners and (wore|carried) (silk|white) gloves.
who offered a seat in the train? (Nobody but|Certainly|Of course) the elegant $W, for $he was well bred.
why did the $W open $his umbrella? Because it rained (in the park|after the opera).
""")

# ---------------------------------------------------------------------------------------------------------------
# frames any person may get
# ---------------------------------------------------------------------------------------------------------------
OPEN = lines("""
!once there was (a|a $kindadj) $W $R
!once upon a time there lived a $W $R, and $his name was $N
!there (was|lived) a $kindadj $W $liveplace $R
!$N was a $W $R
!$N was a $kindadj $W $R, and $he was often $feel
!this is the story of a $W $R
!$liveplace there lived a $W called $N, $R
!(many years ago|long ago|not long ago|in the old days) a $W $R (came $toplace|lived $liveplace|met a $kindadj stranger)
!everyone knew the $W $R
!everyone in the (village|town|city|neighbourhood) knew $N, the $W $R
!people still talk of a $W $R, for $he was (kind|brave|clever|honest|generous) (and $good_feeling|)
!I once (knew|met) a $kindadj $W $R
!far away there (was|lived) a $W called $N $R
!the name of the $W was $N, and $he was (a $kindadj $W|$good_feeling most of the time|seldom $bad_feeling|$good_feeling that day)
!$N, a $kindadj $W, was $good_feeling (that morning|on the first day of spring), for the sun (shone|was bright|was warm)
!$N was a $W $R, and $he did not give up (easily|at once)
!it was (winter|summer|spring|autumn), and $N, a $W $R, was $good_feeling
!my story begins with a $W $R
""")

PERSON = lines("""
$S $madv (opened|closed|locked|looked at|knocked at) the (door|window|gate|cupboard)
@$S was $vfeel
@$S was (not at all|never|always|seldom|no longer) $feel
$S (loved|wanted|tasted) (warm|fresh|good) $mass (and (cold|hot) $drink|)
$S (ate|bought|shared) (some|a little|a lot of) $mass and (drank|had) (some $drink|a cup of $drink|a glass of $drink)
$S (put on|took off|lost|looked for|hung up) $wear
$S (walked|ran|went|hurried) $toplace (alone|with a friend|with $his dog|)
$S (quietly|calmly|patiently) (sat|waited|stood|rested) $atplace
$S (said|whispered|thought) that $he (was $feel|needed help|wanted to go home|would wait|had seen a $wild_animal)
$S (could|would) not (sleep|eat|speak|laugh|sit still), because $he was $sadfeel
$S (found|lost) a $giftadj $gift $atplace
$S (bought|sold) a $giftadj $gift at the market
$S (washed|rubbed|warmed) $his (face|hands|feet) (in cold $drink_w|by the fire|)
$S (looked at|smiled at|saw) $himself in the mirror
!(that day|at first|in the street|at night|in the town|to $his surprise|on the way home|before noon) nobody (saw|heard|helped|believed|followed) the $W, so $he (went on|went home|was alone)
the $pl_people (saw|greeted|met|helped) the $W $atplace, and $he (greeted them|thanked them|waved)
a $kindadj (friend|neighbour|doctor|stranger|child) (gave|lent|showed|sold) $him a $giftadj $gift
a $kindadj friend asked $him to (help|stay|come home|begin again|wait), and $he (agreed|refused|did so)
$his (heart|voice|face|smile) was (warm|kind|full of joy), for $he was (very |so |)$good_feeling
$his (heart|voice|face|look) was (cold|full of sorrow|heavy|dark), for $he was (very |so |)$bad_feeling
$his (hands|feet|cheeks) were (cold|wet), and $he was $bad_feeling
$his (eyes|cheeks) were (bright|red|warm), and $he was $good_feeling
$he had (a cold|a dream|an idea|a plan|a secret wish|no money|no time) (that night|that day|)
$he (dreamed|told the $pl_people|wrote to $his friends|remembered) that $he was $atplace
$he (took|lifted|dropped|lost|looked for) $his (hat|cup|book|key|basket)
$he (laughed|wept|sang|smiled|coughed|yawned) (loudly|softly|for a long time|to $himself)
@$he was (born|at home|alone|a guest|a stranger) in (a small village|a large town|a quiet valley|a big city)
@$he had ($number friends|many friends), and $his friends called $him $N
@$he had (a $kindadj friend|a brave dog|a lazy cat), and $he was never lonely
the $W (smiled|nodded|laughed), and $his face was (calm|happy|red|kind)
the $W sighed, and $his face was (tired|sad|pale)
the $W (knew|said|thought|feared) that $he (was right|was wrong|would be late|had to go|must help)
@the $W was (tall|short|strong|thin|young|old), and $he had ((blue|green|brown|grey) eyes|(black|brown|red|golden) hair|a soft voice|a loud voice|warm hands)
the $W (and $his dog|and $his friends|and $his cat) (rested|waited|sat) $atplace
the $W (went to bed|woke up|got up|fell asleep) (early|late), because $he was (tired|ill|hungry|worried|sad)
@what (a $kindadj|a $good_feeling|a lucky) $W $he was!
@how $good_feeling the $W was, and how $madv $he (spoke|smiled|went home)!
@$N was the name of the $W, and $he (liked $his name|was proud of it)
@$N was (a $kindadj $W|a $W to be proud of), and (everyone knew it|$his friends said so)
$N (thanked|greeted|helped|forgave) the $pl_people, and $his (voice|smile|heart) was (kind|warm|gentle)
$N was $sadfeel, but $he (smiled|worked|sang|went on|hid it)
$S bought $number $pl_food at the market
$S counted the $pl_thing on the table
$S (begged|asked) for (help|advice|$mass|a rest|quiet)
$S (helped|comforted|fed|greeted) (a poor child|an old neighbour|a hungry dog|a lonely stranger|a tired traveller)
$S (fell ill|felt ill|caught a cold), and the doctor told $him to (rest|stay in bed|drink hot milk|sleep)
$S told $his (friend|friends|neighbours|guests) (about $his dream|the truth|a funny story|the good news)
$S (lit|blew out) the lamp and (said good night|closed $his eyes|sat down|took a book)
$S kept (a cat|a dog|a bird|$number hens|a rabbit) (for company|in the garden|at home)
""")

CLOSE = lines("""
!and so the $W (lived happily|kept $his word|learned to wait|found a friend), and $his friends were $good_feeling too
!in the end the $W (found $his $thing|was not $sadfeel any more|laughed at $himself|went home), and $he was $good_feeling
!so the $W (went home|slept well|was content), and $he (never forgot that day|dreamed of $his friends|was $good_feeling at last)
!from that day on the $W was (never $sadfeel again|often $feel|a little wiser), and $he (smiled more|knew why|told everyone)
!that is how the $W (lived|spent $his days|became so $good_feeling), and $he would not have it otherwise
""")

OPPO = lines("""
the $O (smiled at|waited for|helped|greeted|spoke to|sat beside|agreed with) $him, and $ohe (was $good_feeling|laughed|gave $him a cup of $drink)
$O2, the $O, was $good_feeling (too|as well|that day), and $ohe (said so|smiled)
the $O was (as $feel as the $W|not so $feel|$vfeel), and $ohe (said so|laughed about it|told $him why|did not hide it)
the $W and the $O (were both $feel|talked $atplace|ate $mass together|went $toplace)
the $W (thanked|helped|greeted|waited for) the $O, and $ohe gave $him $ohis (hand|book|$thing|blessing)
neither the $W nor the $O (was $bad_feeling|spoke|could sleep|was late)
when the $O came, $ohe was $sadfeel, and the $W (took $ohis hand|gave $ohim some $drink|comforted $ohim)
the $W told the $O that $ohe was (kind|right|wrong|welcome|not alone)
the $O called the $W a $kindadj friend, and $ohis voice was (warm|soft|low|$good_feeling)
both the $W and the $O had (a good day|a long day|many friends|work to do), and they were $good_feeling
""")

PERSON_Q = lines("""
was the $W $good_feeling? ($opener_yes, and $he (smiled|sang|told everyone)|$opener_no, $he was (tired|sad|lonely)|Perhaps $he was, but nobody asked $him).
was the $W $bad_feeling? ($opener_yes, but $he hid it|$opener_no, $he was (happy|glad|cheerful)|Perhaps $he was, but nobody asked $him).
did $N (sleep well|go home|find the $thing|like the $dish|see the $wild_animal)? ($opener_yes, and $he was $good_feeling|$opener_no, but $he was not $bad_feeling|Perhaps, for $he was in a (cheerful|happy|good|strange) mood).
why was the $W so $sadfeel? Because $he (had slept badly|had bad news|was alone|had lost $his $thing|had eaten nothing|had caught a cold).
why was the $W so $good_feeling? Because $he (had slept well|had good news|was among friends|had found $his $thing|was at home again).
who (knocked at the door|called)? (Nobody|Nobody, of course|Perhaps a neighbour|Perhaps the wind|Certainly not a friend), and $he (listened again|went back to bed|closed the door).
who would help $him? (Nobody|Nobody, of course|Perhaps a neighbour|Certainly a friend), and $he (knew it|waited|was not $sadfeel).
where was the $W? (Perhaps $he was|Certainly $he was|Of course $he was) $atplace, for ($he liked the quiet|$he had work there|$he met $his friends there).
would $he come back? ($opener_yes, for $he had promised|$opener_no, for $he was happy elsewhere|Perhaps, for $he had left $his $thing behind).
could the $W help $his friends? ($opener_yes, and $he did so at once|$opener_no, $he was too $sadfeel|Perhaps, but $he had no time).
had $N eaten? ($opener_yes, $he had eaten $afood|$opener_no, $he was hungry and wanted $mass|Nobody knew, and nobody asked $him).
what did $N want? (Nobody knew, for $he was a quiet $W|Perhaps $he wanted $afood|Of course $he wanted to go home).
""")

# ---------------------------------------------------------------------------------------------------------------
# other topics: each has opening frames, body frames and questions; the cast is a named owner with pronouns
# ---------------------------------------------------------------------------------------------------------------
TOPICS = {}


def topic(name, weight, opening, body, questions):
    TOPICS[name] = (weight, lines(opening), lines(body), lines(questions))


topic("pet", 34, """
!$N had a $P called $PN
!$N (found|bought|was given) a $small $P
!there was a (white|black|brown|grey) $P in the house of $N
!a $small $P lived with $N in a (house|cottage|small house|farm house)
!$N wanted a pet, and a $P came to live with $him
!$N loved $his $P more than anything
!this is the story of a $P and $his_pl friend $N
""", """
the $PX (wagged its tail|licked its paws|pricked up its ears|scratched its ear|rolled on its back|shook its fur)
the $PX (ate from its bowl|drank milk from its bowl|emptied its bowl|begged for meat|sniffed at the fish)
the $PX (slept|curled up|snored|dozed) (on the rug|in its basket|on the sofa|at $N's feet|by the stove)
the $PX (chased|caught|watched|wanted to catch) (a mouse|its own tail|a bird|a ball of wool|a butterfly)
$S (fed|stroked|brushed|petted|called|washed|patted) the $PX
$S (stroked|brushed|combed) the soft fur of the $PX
the $PX (jumped on|climbed on|lay on|scratched) the (sofa|rug|bed|armchair)
the $PX was (hungry|thirsty), and $N (fed it|gave it milk|filled its bowl)
the $PX was (playful|shy|sleepy|lazy|gentle|naughty), and $N (stroked it|laughed|picked it up)
@the fur of the $PX was (soft|warm|(white|black|brown|grey)|wet|thick|full of leaves)
the $PX (hid|crept|slept) under the (sofa|bed|table|blanket|stairs)
$N wanted another $P, and a $small $P (was born in the barn|sat at the door), so $he (kept it|gave it a name)
once a (wet|hungry|lost|stray|lonely|frightened) $P2 (scratched at|sat at|came to) the door, and $N (let it in|gave it milk|dried its fur)
the $PX liked to (sit on $N's lap|play with a ball of wool|be stroked|chase leaves|sleep in the sun)
the $PX (purred|barked|whined|growled|sneezed|yawned) (softly|when $N came home|in its sleep|for joy|)
the paws of the $PX were (wet|muddy|soft|white|small), so $N (wiped them|washed the floor|laughed)
the $PX (ran|hurried) to its (bowl|basket|friend|food) (when it heard $N|)
$S took the $PX to the (vet|animal doctor), and the vet (looked into its ears|cut its claws|felt its paws|gave it a pill)
@every $PX needs (food|water|love|a warm place|a name|a friend|fresh air)
@a $PX (can be|is) a good (friend|companion), and it (never lies|asks for little|keeps you warm|needs you)
the $PX and the $P2 (shared a bowl|played on the rug|slept in one basket|chased each other|were good friends)
the $PX looked at $N with its (big|brown|green|sleepy|sad) eyes
$S bought a (collar|bowl|brush|basket|toy) for the $PX
the (white|black|brown|grey) $PX (licked|followed|greeted|trusted|waited for) $N, and it (wagged its tail|wanted to be stroked|was $good_feeling)
@like every $PX, it (loved warm milk|needed its sleep|hated baths|knew its name|kept its claws clean)
@an old $PX (sleeps more|needs a soft rug|dreams of its youth), and its fur grows (grey|white|thin)
the $PX had a friend, the $P2 of a neighbour, and they (played|slept|ate|chased leaves) together
$N had no other pet than the $P, and $he (loved it|stroked it every day|took it everywhere)
the $P was a (good|clever|gentle|lazy|playful) pet, and $N (stroked its fur|gave it milk|filled its bowl)
@every $P is a pet that needs (food|love|a warm place|a soft bed)
@few other pets (were so playful|had such soft fur|ate so much|slept so long)
@$PN was the best $PX $N had ever had, and it (knew it|slept on $his bed|followed $him everywhere)
the $PX (caught a cold|hurt its paw|lost its collar|would not eat), and $N was worried about it
when $N was (sad|tired|ill|lonely), the $PX (lay beside $him|licked $his hand|put its paw on $his knee)
""", """
was the $PX hungry? ($opener_yes, it ran to its bowl|$opener_no, it had eaten the fish|Perhaps, for it scratched at the door).
where was the $PX? (Perhaps under the sofa|Of course in its basket|Nobody knew, but $N heard it purr).
did the $PX like milk? ($opener_yes, it licked its bowl clean|$opener_no, it wanted meat).
why did the $PX run away? Because (it saw a mouse|it hated baths|$N had left the door open).
is it a good pet? ($opener_yes, this $PX is gentle|$opener_no, this $PX scratches the sofa).
""")

topic("vehicle", 40, """
!$N (bought|owned|wanted|repaired) a $colour $V
!$N had to drive to the $place in a $V
!an old $V stood in front of $N's house
!$N was the driver of a $thingadj $V
!the $RD to the $place was long, and $N had only an old $V
!this is the story of a $colour $V and its driver, $N
!$N (learned|wanted) to drive a $V
""", """
the $VX (drove|rolled|raced|crawled) (along|down|up) the $RD
$S drove the $VX (along|down|up) the $RD (to the $place|)
$S (parked|stopped|started) the $VX (on the $RD|by the side of the road|at the corner of the street|in front of the garage|)
$S (drove|steered) the $VX (over the bridge|round the corner of the street|into the lane|onto the highway|to the $place)
$S parked the $VX (in the street|beside the road|at the kerb|near the bridge|in the lane)
$S (wanted|had|learned|liked|began) to drive the $VX (on the $RD|to the $place|at night|in the snow|slowly)
$S (liked|wanted|had) to (drive|park|steer) the $VX (along the $RD|in the street|on the highway)
the engine of the $VX (roared|was hot|was cold|coughed|would not start|stopped|smoked)
the wheels of the $VX (turned|squeaked|slipped|were muddy|got stuck) (on the (wet|icy|narrow) $RD|in the mud|)
@the $VX had (four|six|new|big) wheels and (a loud engine|a strong engine|two doors|a broken headlight|a flat tyre)
a (heavy|fast|slow|loaded|$colour) $V2 (passed|came down|blocked) the (road|street|highway|narrow lane)
the driver (parked|stopped|started|turned|washed) the $VX (at the kerb|beside the road|at the traffic light|on the highway)
the (mechanic|driver) (repaired|checked|washed) the (engine|wheels|brakes|headlights) of the $VX
the $VX (stopped|braked|waited) at the (traffic light|crossing|corner of the street|petrol station)
the $VX needed (petrol|oil|new wheels|new brakes|a new engine|a wash), so $N (stopped|drove to the garage|called the mechanic)
$S (filled the tank of|got into|got out of|climbed into|waited in) the $VX
$S put the (boxes|bags|sacks|suitcases|baskets) into the $VX and drove (along|down) the $RD
@there was (a lot of traffic|an accident|ice|fog|a hole) on the $RD, so the $VX (drove slowly|stopped|turned back|was late)
@the $V was not allowed to (drive|park|stop) (in this street|on the bridge|in front of the school)
@every (vehicle|$V) on the $RD (stopped|sounded its horn|turned on its headlights|slowed down)
@drive the $V (slowly|carefully), said $N, for the road is (icy|narrow|wet|full of holes)
$S (sat|was) at the steering wheel of the $VX, and (the road was empty|the engine hummed|the street was dark)
@the $VX was parked (in the street|beside the road|at the kerb|in the garage), and its engine was (cold|still warm)
@it took (two|three|four|five|six) hours to drive the $VX down the (highway|road) to the $place
the (road|highway|lane) (crossed the river|climbed the hill|was full of traffic), and the $VX (drove on|slowed down)
the horn of the $VX (sounded|was loud), and (the driver waved|a hen ran across the road|the street was awake)
@a $V is a vehicle with (four wheels and|a tank and|a horn and) an engine
@this vehicle, a $colour $V, (was fast|was slow|drove well) on (the highway|a good road)
@there was (no|hardly a) vehicle on the road as (fast|old|slow|loud|shiny) as the $V
@a $V was the only vehicle (on the road|in the street|on the highway|on the bridge)
the police stopped every vehicle on the road, and (also the $V|the $V waited) (in the lane|at the bridge|at the kerb)
the (tyres|brakes|headlights|windows) of the $VX were (old|new|dirty|broken), and $N had to (drive|steer) with care
the passengers (got into|got out of|slept in|sang in) the $VX, while the driver (checked the wheels|looked at the road|started the engine)
$S would rather (drive|park|wash) a $V than a $V2, for (its engine was quiet|it was easy to steer|the road was narrow)
$S took the (train|bicycle|boat), for the $VX (would not start|had a flat tyre|was at the garage)
@the $other_transport was (slower|cheaper|quieter) than the $V, but $N (liked to drive|loved the road)
the $V and a $V2 (met on the narrow road|raced down the highway|were parked side by side|blocked the street)
the road was (wet|icy|dark|empty), and the $VX (drove|rolled|crawled) (slowly|on) (down the hill|over the bridge|through the town)
the street was (narrow|full|quiet), and $N had to park the $VX (at the kerb|in the lane|near the bridge)
""", """
did the $VX start? ($opener_yes, the engine roared|$opener_no, the engine was cold).
could $N drive the $VX? ($opener_yes, $he drove it down the $RD|$opener_no, the $RD was icy|Perhaps, but it had a flat tyre).
where was the $V? (Perhaps in the garage|Of course in the street|Nobody knew where $N had parked it).
why did the $VX stop? Because (the tank was empty|the light was red|a wheel was broken|the road was closed).
was this vehicle new? ($opener_no, it was an old $V|$opener_yes, and the engine of the $V was quiet).
""")

topic("farm", 18, """
!$N lived on a farm with $number $pl_animal
!the $A of $N was (ill|old|lazy|hungry|$big|$small)
!there was a $FA on the farm of $N
!$N (fed|watched) the $FA every morning
!the animals on the farm were hungry, and $N was late
""", """
the $FA (ate grass|drank water|slept in the barn|stood in the field|lay in the straw|breathed slowly)
the $FA (grew fat|grew old|was born in spring|was alive|felt the cold|woke early|breathed the fresh air)
the $FA was (asleep|awake|hungry|thirsty|afraid|ill|young|old|alive), and it (breathed softly|ate little|wanted to sleep|stayed in the barn)
@a $B (came out of the forest|drank at the river|slept in the sun|ran away|listened|was hungry)
the $B (ate|slept|hunted|hid|rested|breathed|played) (in the forest|by the river|near the farm|under the trees)
the $B was (asleep|awake|hungry|afraid|alive|born that spring|young|hurt), and it (ate nothing|breathed fast|ran into the forest|looked for its mate)
$S (fed|milked|brushed|led|called|woke) the $FA
$S gave the $FA (hay|water|corn|fresh straw|an apple)
$S (saw|heard|followed) a $B $atplace, and it (ran away|was asleep|was as afraid as $he was|looked at $him)
the young $animal (sleeps|eats|grows|breathes|learns) (beside its mother|in the straw|near the barn|all day)
a $animal was born (in the barn|in the night|in spring), and it (breathed|could stand|was hungry) at once
the $animal (felt|smelled|heard) (the rain|the wind|danger), and it (woke|slept on|ran away|ate on)
the $A and the (dog|cat) (slept side by side|ate from one trough|were both alive|were afraid of the wolf)
@every $animal (breathes|eats|sleeps|grows|is born and dies|feels hunger|needs air and water)
@when a $animal is (ill|hurt|hungry|afraid), it (sleeps|does not eat|breathes fast|hides)
@the eyes of the $animal were (open|closed|sad|bright|brown), and it (breathed|slept|was awake)
the hungry $animal (ate|wanted) (the grass|an apple|the corn|the bread|a pear)
the heart of the $animal beat (fast|slowly), and its breath was warm
""", """
was the $FA asleep? ($opener_yes, it breathed softly in the straw|$opener_no, it was hungry and awake).
did the (fox|wolf|bear) eat the hen? ($opener_no, it was asleep in the forest|Perhaps, for it was hungry|Nobody saw it).
why was the $FA ill? Because it had (eaten too much|slept in the rain|drunk cold water).
is the $animal alive? ($opener_yes, it breathes|Certainly, it sleeps and grows).
""")

topic("zoo", 8, """
!$N went to the zoo to see the $Z
!there was a $big $Z in the zoo of the city
!the $Z in the zoo was $N's favourite animal
!$N worked in the zoo and fed the $Z
""", """
the $Z (ate|slept|played|drank|breathed slowly) (in the sun|under the tree|beside its mother|near the water)
the $Z was (asleep|awake|hungry|thirsty|young|old|alive|afraid of the rain), and it (breathed softly|ate little|looked at $N|wanted to sleep)
$S (fed|watched|called|woke|washed|loved) the $Z
$S gave the $Z (water|an apple|meat|bread|a fish|fresh straw)
@every $Z (breathes|eats|sleeps|grows|is born and dies|feels hunger|needs air and water)
the young $Z (slept|ate|grew|learned to hunt) (beside its mother|in the straw|all day)
a $Z was born (in the night|in spring), and it (breathed|could stand|was hungry) at once
the eyes of the $Z were (open|closed|sad|bright|brown), and it (breathed|slept|was awake)
the $Z (felt|smelled|heard) (the rain|the wind|danger), and it (woke|slept on|stood up|ate on)
the $Z and the $Z2 (slept side by side|were both hungry|were both awake|looked at $N)
the heart of the $Z beat (fast|slowly), and its breath was warm
@the $Z came from a warm land, where the (sun|rain) was (strong|warm)
the $Z drank from the water, and the $Z2 (drank too|waited|was asleep)
""", """
was the $Z asleep? ($opener_yes, it breathed softly|$opener_no, it was hungry and awake).
was $N afraid of the $Z? ($opener_no, $he liked the animal|$opener_yes, for it was hungry|Perhaps a little, for it was $big).
is a $Z alive? ($opener_yes, it breathes|Certainly, it eats and grows).
""")

topic("things", 22, """
!$N had a $M made of (wood|iron|glass|clay|silver)
!a $thingadj $T (stood|lay) in the house of $N
!$N bought a $thingadj $TX at the market
!the $TX of $N was broken
!an old $TX lay on a shelf in the shop of $N
!$N (mended|sold|painted) things made of (wood|iron|glass|clay)
""", """
the $TX (stood|lay) (on the shelf|in the corner|against the wall|under the window|on the floor|in a drawer|in the cellar)
@the $M was made of (wood|iron|glass|clay|silver|copper|paper|tin|oak)
the $TX (broke|fell from the shelf|fell to the floor|was broken in two|cracked|rusted|cost $number coins)
@the $TX was (dusty|cheap|useful|expensive|old|broken|wooden|rusty|$colour|heavy|$size)
$S (put|laid|placed|left|found) the $TX (on the shelf|in a drawer|beside the $U|under the $U|in the corner)
$S (broke|mended|cleaned|polished|painted|sold|dropped|wrapped) the $TX
$S (kept|hid) a $M made of (wood|iron|glass|clay|silver|tin) (on the shelf|in a drawer|in the cellar|)
a $thingadj $TX (stood|lay) beside the $U
the $TX and the $U (stood on the shelf|lay in the dust|were old|were dusty|cost $number coins|were for sale)
the (carpenter|smith|potter|glazier|shopkeeper) (made|mended|sold|painted) the $TX (for $number coins|)
@the $TX had (a crack|a broken handle|a lid|a sharp edge|a layer of dust|a price on it|a flat bottom|a thick rim)
@a $T (does not breathe|cannot feel|never sleeps|is not alive|cannot grow), for it is only a thing
the $TX (stood there unchanged|lay in the dust) for (many|$number) years
the $TX was (cleaned|repaired|painted|sold|moved|bought|stored|thrown away) (that week|in the spring|before noon|)
the dust lay (thick|grey) on the $TX, the $U and the shelf
on the shelf (stood|there was|lay) a $M made of (wood|iron|glass|clay|silver|tin)
@the price of the $M was (high|low|$number coins|fair), for it was made of (oak|iron|silver|glass)
in the shop a $TX (cost $number coins|lay between a $U and a rope|stood in the window|was sold)
(a nail|a screw|glue) held the $TX together, for it was broken
$S needed a (useful|new|wooden|plain|heavy) $TX, since the old one was broken
@the (house|cottage|castle|barn|tower) was made of (wood|stone|brick|clay), and it (stood empty|stood on a hill|was built in $number years|had thick walls)
@the (house|cottage|castle|barn|tower|palace) (stood|was built) (of stone|of wood|of brick|on a rock), and the walls were (thick|old|$colour|cracked)
@the (shelf|wall|roof|door|gate) of the (house|barn|cottage|kitchen|bedroom) was (made of oak|broken|painted|rusty|repaired)
""", """
was the $TX broken? ($opener_yes, it fell from the shelf|$opener_no, it was hard and heavy|Nobody knew, for it lay in the cellar).
where was the $TX? (Perhaps on the shelf|Of course in the drawer|Certainly not under the $U).
can a $TX feel? ($opener_no, it is a dead thing|$opener_no, it is only a thing on a shelf).
why was the $TX cheap? Because it (was broken|had a crack|was dusty|was old).
""")

topic("food", 12, """
!$N was hungry and went to the market
!the kitchen of $N smelled of $mass
!$N invited $number friends to supper
!$N (baked|cooked) every $attime_d
""", """
$S (cooked|tasted|ate|cut|burned) the (bread|soup|rice|fish|meat|cake|egg)
$S (bought|wanted|ordered) (some $mass and some $drink|fresh $mass|$number $pl_food)
the $dish was (hot|fresh|good|delicious), and $N (ate it|ate all of it|asked for more)
the $dish and the $drink (stood on the table|tasted good|cost little|were for the guests)
$S (drank|poured|spilled|warmed) the $drink
a (cup|glass|bottle|jug) of $drink (stood on the table|fell over|cost little|was all $he wanted)
the guests (ate|praised|tasted|wanted more) $mass and (drank|asked for) $drink
$S put (butter|cheese|honey|salt|sugar) on the (bread|egg|rice|cake|fish|meat)
@there was (no|little) $mass in the kitchen, so $N (went to the market|drank $drink|stayed hungry)
@there was enough $mass in the kitchen, so $N (called the guests|laid the table|ate well)
the smell of (fresh|hot|warm) $mass (filled the kitchen|woke the cat|made $him hungry)
@$mass tastes (best|good|sweet) with (cold|warm|hot) $drink
@not many people can (cook (soup|rice|fish|meat|an egg)|bake (bread|a cake)|make (cheese|butter)) as well as $N (can|does)
the $drink was (hot|cold|fresh|sweet|bitter), and it (warmed $him|was soon gone|made $him sleepy)
$S (washed the plates|laid the table|lit the stove) before $he ate the $dish
@breakfast was (bread and butter|an egg and tea|rice and milk|cheese and an apple), and supper was (soup|fish|meat and rice)
""", """
was the $dish good? ($opener_yes, the guests ate all of it|$opener_no, it was cold and salty|Perhaps, but $N was not hungry).
did $N want $drink? ($opener_yes, $he was thirsty|$opener_no, $he wanted $afood).
who ate the cake? (Nobody knew|Perhaps the dog|Of course the guests), for the plate was empty.
""")
G["attime_d"] = "(morning|evening|afternoon|day|week)"

topic("place", 12, """
!$N lived in a $size $place_t
!$N went for a long walk to the $place
!it was $season, and $N was $atplace
!the $place_t of $N was quiet in $season
""", """
the (sun|moon) (rose|set|shone) over the (village|town|city|forest|river|garden|hill|beach)
the (rain|snow) fell on the (village|town|city|forest|garden|hill|beach), and the $nature_g (was wet|was white|bent low)
the wind (blew|howled|whispered) in the trees (by the river|of the forest|on the hill|all night)
a $atree (grew|stood) (by the river|in the garden|on the hill|near the village|behind the school)
a $colour flower (grew|opened|bloomed) (in the garden|in the grass|on the hill|in spring)
a (white|grey|black) cloud (hid the sun|hung over the hill|crossed the sky), and (rain began to fall|the wind was cold)
$S (walked|went|wandered|looked) (along the river|through the forest|over the hill|through the village|across the beach)
$S (liked|loved|missed|remembered) the (quiet|smell|colours|long days|cold nights) of $season
@in $season the (days are long|nights are cold|trees are green|leaves fall|river freezes|garden is full of flowers)
in the (village|town|city) (the market was full|the school was closed|the bells rang|the streets were empty|everyone was asleep)
from the hill $he saw the (river|village|forest|beach|town), and it was (small|far away|white|green|beautiful)
at night a star (shone|stood|fell) over the (forest|village|river|hill), and $N (looked up|made a wish|was $good_feeling)
$S (counted|saw|watched) $number (stars|boats|birds|trees|clouds|flowers) from the (hill|garden|beach)
the $place_t (was quiet|was far away|was full of people|lay by the river|had one school and one market)
@the (city|town) is (bigger|louder|older) than the village, but the village has a (river|forest|green hill)
after the (rain|snow|storm) the (grass|garden|forest|air) smelled (fresh|of earth|sweet)
""", """
was the $place far away? ($opener_yes, $N walked for $number hours|$opener_no, it was behind the hill).
did it rain in the $place_t? ($opener_yes, all night|$opener_no, the sun shone|Perhaps, for the grass was wet).
why did $N love $season? Because the (days were long|garden was quiet|snow was white|flowers opened).
""")
G.update({"made": "(table|chair|lamp|cup|plate|spoon|box|clock|bottle|key|hammer)", "pet_s": "(dogs|cats|kittens|puppies|hounds|rabbits|pets)", "place_t": "(village|town|city)", "season": "(spring|summer|autumn|winter)", "nature_g": "(grass|tree|flower)",
          "atree": "($big|$small|old|young) tree"})

topic("state", 10, """
!there was to be an election in the $place_t of $N
!$N was a citizen of a young democracy
!$N wanted to vote for the first time
!the parliament met in the $place_t, and $N went to listen
""", """
@every citizen (may|can|has the right to) vote (in an election|for the parliament|in a democracy|freely)
the (government|parliament) (made|passed|changed|discussed|explained) a (new|fair|strict) law (about schools|about taxes|for every citizen|)
@in a democracy the (citizens|people) (choose|elect|control) the (government|parliament)
the election was (free|fair|close|held in spring), and every vote was counted
$S (gave $his vote|went to vote|wanted to vote) in the election, for $he was a (proud|free|good) citizen
the citizens (wanted|asked for|fought for|won) (freedom|a new law|a fair election|a better government)
@freedom and (law|democracy|peace) (belong together|are never safe|must be protected), said (the speaker|the minister|$N)
the government (lost|won|announced) the election
the parliament (voted|met|argued) (about the law|for freedom|all day|until midnight), and the (citizens|newspapers) waited
@without (law|freedom|elections) there is no democracy
@a citizen who does not vote (cannot complain|helps nobody|loses $his_n voice), $N (said|thought)
the (minister|mayor|speaker) (promised|explained|defended) the law (in parliament|before the election|to every citizen)
@the law (protects|is the same for|must be clear to) every citizen in a democracy
the new government lowered the taxes after the election, and the citizens were (glad|happy|pleased)
the new government raised the taxes after the election, and the citizens were (angry|worried|surprised)
""", """
did every citizen vote? ($opener_yes, the election was important|$opener_no, it rained|Perhaps, for the government was strong).
was the law fair? ($opener_yes, the parliament had voted for it|$opener_no, the citizens wanted freedom).
who won the election? (Nobody knew yet|Perhaps the old government|Certainly not the minister), for the votes were not counted.
why is freedom important in a democracy? Because a citizen must (vote|speak|think) without fear.
""")

topic("office", 10, """
!$N worked in (an office|a shop|a letting office) and had to (be polite|write letters|assist the customers)
!$N wrote a (short|long|polite) letter to the office
!a customer wished to (purchase|buy) a $thing from $N
""", """
the customers (wished|wanted) to (purchase|buy) (a $thing|$number $pl_thing|$mass|a $carx)
we (require|need) $number $pl_thing (before $season|by Monday|at once), wrote $N
$S (wished|wanted|had) to (purchase|buy) a $thingadj $thing (at a low price|for the office|for $his friend|)
@may I (assist|help) you, said $N to the customer
$S was (ready|glad|asked) to (assist|help) (the customers|the neighbours|an old visitor|the new clerk)
the meeting will (commence|begin) at ($number_w|noon), and (everyone must be there|visitors are welcome|tea will be served)
the work (had to|was to|would) (commence|begin) (in $season|on Monday|at $number_w)
@to (inquire|ask) about the price of a $thing, please (write to|come to|call) the office
$S (had|came|wished) to (inquire|ask) about (the price|the lost $thing|the new $house|a room)
@$his (residence|home) (stood|was) (near the $place|in a quiet street|on the hill), and it was (large|small|quiet)
@the (residence|home) of $N (was quiet|stood in a garden|had $number rooms|was open to guests)
@please (assist|help) us, wrote the (neighbours|clerks), for we (require|need) a $thing
@if you (require|need) a $thing, you may (inquire|ask) at the office
@children (require|need) (sleep|food|friends|a home), and $N (knew it|wrote it in a letter)
@friends say (hello and goodbye|what they think|thanks), but at the office people are (formal|careful|stiff)
""", """
did the customer purchase the $thing? ($opener_yes, for it was cheap|$opener_no, $he_c did not require it).
did $N buy the $thing? ($opener_yes, $he needed it at home|$opener_no, $he had no money).
may I inquire about the price? ($opener_yes, it costs $number coins|Of course, please begin).
when will the work begin? (Perhaps on Monday|Certainly before $season|Nobody knows), for we need help.
""")

PET_NAMES = ["Bello", "Mia", "Pip", "Coco", "Rex", "Max", "Snowy", "Tiger"]

# ---------------------------------------------------------------------------------------------------------------
# expansion
# ---------------------------------------------------------------------------------------------------------------
TOKEN = re.compile(r"\$[A-Za-z]+[0-9]?(?:_[A-Za-z]+)?|[()|]|[^()|$]+")


def parse(text):
    """A frame as a list of parts: str, ('$', name) or a list of alternatives, each a list of parts."""
    tokens = TOKEN.findall(text)
    pos = 0

    def seq(depth):
        nonlocal pos
        alts, cur = [], []
        while pos < len(tokens):
            t = tokens[pos]
            pos += 1
            if t == "(":
                cur.append(seq(depth + 1))
            elif t == "|":
                alts.append(cur)
                cur = []
            elif t == ")":
                alts.append(cur)
                return alts
            elif t[0] == "$":
                cur.append(("$", t[1:]))
            else:
                cur.append(t)
        assert depth == 0, "unbalanced: " + text
        return cur
    return seq(0)


CACHE = {}


def expand(text, cast):
    if text not in CACHE:
        CACHE[text] = parse(text)
    return render(CACHE[text], cast)


def render(parts, cast):
    out = []
    for p in parts:
        if isinstance(p, str):
            out.append(p)
        elif isinstance(p, tuple):
            out.append(value(p[1], cast))
        else:
            out.append(render(pick(p), cast))
    return "".join(out)


def value(name, cast):
    if name in cast:
        v = cast[name]
        return v(cast) if callable(v) else expand(v, cast) if ("$" in v or "(" in v) else v
    if name in G:
        return expand(G[name], cast)
    if name in LISTS:
        return pick(LISTS[name])
    if name[-1].isdigit() and name[:-1] in ("pet", "animal", "thing", "carx"):
        return value(name[:-1], cast)
    raise KeyError(name)


AN = re.compile(r"\b([Aa]) (?=[aeiou])(?!one\b|uni|use|once)")


def polish(s):
    s = re.sub(r"\s+", " ", s).strip()
    s = re.sub(r" ([,.;:?!])", r"\1", s)
    s = re.sub(r",(\s*,)+", ",", s)
    s = AN.sub(r"\1n ", s)
    s = re.sub(r"\ba (?=hour|honest|heir)", "an ", s)
    s = re.sub(r"\b(on|in|at|for) \1\b", r"\1", s)
    s = s[0].upper() + s[1:]
    s = re.sub(r"([?!] )([a-z])", lambda m: m.group(1) + m.group(2).upper(), s)
    return s if s[-1] in ".?!" else s + "."


END = re.compile(r"[^.?!]*[.?!]")
WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")


def sentences(text):
    return [m.group(0).strip() for m in END.finditer(text) if m.group(0).strip()]


def skeleton(s):
    return WORD.sub(lambda m: "<" + LIST_OF[m.group(0).lower()] + ">" if m.group(0).lower() in LIST_OF
                    else m.group(0), s)


seen_long = set()
skeletons = {}
MAX_SKELETON = 12


def admissible(text):
    """(may be used, number of skeletons seen before)"""
    old = 0
    for s in sentences(text):
        if len(WORD.findall(s)) >= 8 and s.lower() in seen_long:
            return False, 9
        n = skeletons.get(skeleton(s), 0)
        if n >= MAX_SKELETON:
            return False, 9
        old += n > 0
        w = WORD.findall(s.lower())
        for i in range(len(w) - 1):       # "the soup and the soup", "quite quite"
            if w[i] == w[i + 1] or w[i] == w[i + 1] + "ly" or w[i] + "ly" in w[i + 1:i + 4]:
                return False, 9
        content = [x for x in w if x in LIST_OF and LIST_OF[x] not in ("number", "good_feeling", "male", "female",
                                                                      "male_name", "female_name")]
        if len(set(content)) < len(content):
            return False, 9
    return True, old


def accept(text):
    for s in sentences(text):
        seen_long.add(s.lower())
        k = skeleton(s)
        skeletons[k] = skeletons.get(k, 0) + 1


PRONOUNS = {"m": ("he", "his", "him", "himself"), "f": ("she", "her", "her", "herself")}


def set_pronouns(cast, gender, before="", after=""):
    for key, word in zip(("he", "his", "him", "himself"), PRONOUNS[gender]):
        cast[before + key + after] = word


TURNS = {}


def turn(name, seq):
    """The words of a sequence one after the other, so that chance does not make one of them rare."""
    TURNS[name] = TURNS.get(name, -1) + 1
    return seq[TURNS[name] % len(seq)]


def new_cast(gender, noun=None, opposite=None, story=None):
    other = "f" if gender == "m" else "m"
    names = {"m": LISTS["male_name"], "f": LISTS["female_name"]}
    kg = "m" if rnd() < 0.5 else "f"
    n = pick(names[gender])
    k = pick([x for x in names[kg] if x != n])
    cast = {"N": n, "O2": pick(names[other]), "K": k}
    set_pronouns(cast, gender)
    set_pronouns(cast, gender, after="_other")
    set_pronouns(cast, gender, after="_n")
    set_pronouns(cast, other, before="o")
    set_pronouns(cast, other, after="_o")
    set_pronouns(cast, kg, after="_k")
    set_pronouns(cast, "m" if rnd() < 0.5 else "f", after="_c")
    cast["his_pl"] = "its"
    cast["P"] = turn("P" + str(story), ("cat", "dog", "kitten", "puppy", "cat", "dog", "kitten", "hound", "cat", "puppy", "rabbit"))
    cast["P2"] = pick([p for p in ("dog", "cat", "puppy", "kitten", "hound", "rabbit") if p != cast["P"]])
    cast["PX"] = {"dog": "(dog|dog|dog|pet)", "cat": "(cat|cat|cat|pet|feline|feline)", "puppy": "(puppy|puppy|pet)",
                  "kitten": "(kitten|kitten|kitten|pet|feline)", "hound": "(hound|hound|pet)", "rabbit": "(rabbit|pet)"}[cast["P"]]
    cast["PN"] = pick(PET_NAMES)
    cast["A"] = turn("A" + str(story), LISTS["farm_animal"])
    cast["B"] = turn("B" + str(story), ("fox", "bird", "mouse", "wolf", "deer", "bear", "frog"))
    zoo = ("lion", "tiger", "elephant", "monkey", "bear")
    cast["Z"] = turn("Z" + str(story), zoo)
    cast["Z2"] = pick([z for z in zoo if z != cast["Z"]])
    cast["T"] = turn("T" + str(story), ("table", "lamp", "chair", "box", "cup", "plate", "spoon", "clock", "hammer", "bottle",
                                         "basket", "key"))
    cast["U"] = pick([t for t in LISTS["thing"] if t != cast["T"]])
    made = ("table", "chair", "lamp", "cup", "plate", "spoon", "box", "clock", "bottle", "key", "hammer")
    cast["M"] = cast["T"] if cast["T"] in made else pick(made)
    cast["TX"] = "($T|$T|$T|$T|$thing)"
    cast["V"] = turn("V" + str(story), ("car", "truck", "bus", "car", "truck", "bus", "car", "truck", "bus", "van"))
    cast["V2"] = pick([v for v in ("car", "car", "truck", "truck", "bus", "bus", "van", "taxi", "lorry") if v != cast["V"]])
    cast["VX"] = "($V|$V|$V|$V|vehicle|vehicle)"
    cast["drink_w"] = "water"
    cast["number_w"] = pick(LISTS["number"])
    if noun:
        cast["W"] = noun
        cast["O"] = opposite
    else:
        cast["W"] = noun or ("(man|boy)" if gender == "m" else "(woman|girl)")
    return cast


KIN = ("father", "brother", "uncle", "grandfather")


def subject(cast, first, pair_name):
    r = rnd()
    if pair_name is None:
        return cast["N"] if first or r < 0.45 else cast["he"]
    if first or r < 0.60:
        return "the " + cast["W"]
    if pair_name in KIN and r < 0.76:
        return cast["K"] + "'s " + cast["W"]
    if r < 0.78:
        return "the " + expand("$kindadj", cast) + " " + cast["W"]
    if r < 0.84:
        return cast["N"]
    return cast["he"]


def make_sentence(frame, cast, first, pair_name, tails):
    """One frame as text; tries for a skeleton not seen before."""
    best = None
    for attempt in range(14):
        cast["S"] = subject(cast, first, pair_name)
        body = frame
        if frame[0] in "!@":
            text = expand(frame[1:], cast)
        elif frame[-1] in ".?!":
            text = expand(frame, cast)
        else:
            text = expand(frame, cast)
            has_clause = "," in text
            acts = frame.startswith("$S ") and not STATE.search(" ".join(text.split()[:6]))
            if acts and not HAS_OPENING.match(text) and not TIMED.search(text) and rnd() < (0.22 if not has_clause else 0.10) + 0.02 * attempt:
                text = expand("$pre", cast) + " " + text
            elif acts and tails and not has_clause and rnd() < 0.40 + 0.03 * attempt:
                tail = expand("$suf", cast)
                text = text + (tail if tail[:1] in (",", ";", "") else " " + tail)
        text = polish(text)
        ok, old = admissible(text)
        if ok and (best is None or old < best[0]):
            best = (old, text)
            if old == 0:
                break
    if best:
        accept(best[1])
        return best[1]
    return None


HAS_OPENING = re.compile(r"(every (birthday|anniversary|morning)|in |on |when |from |at |after |as |before |for |while |without |"
                         r"to |if |gently|patiently|slowly|long live)")
STATE = re.compile(r"\b(was|were|had|has|is|needed|wanted|loved|liked|hated|kept|could|would|ruled|reigned|lived|grew|wore|knew|obeyed|"
                   r"honoured|inherited|owned|must|may|trusted|missed|resembled|took after|slept|snored|came from|worried|dreamed of|feared|disappointed|forgot|lost|quarrelled|argued|wept|mumbled|"
                   r"stained|spilled|dropped|mixed|broke|tore|scraped|hurt|fell|scolded|begged|coughed|yawned|burned|caught|felt|hid|missed|"
                   r"refused|escaped|took off)\b")
TIMED = re.compile(r"\b(after|before|when|at midnight|at the end|every|for \w+ years|in the (spring|holidays))\b")
USES = {}


def take(frames, n, used):
    """n different frames, those used least so far first (ties in random order)."""
    order = shuffled(range(len(frames)))
    order = [i for i in order if frames[i] not in used]
    order.sort(key=lambda i: USES.get(frames[i], 0) + 2 * rnd())
    out = [frames[i] for i in order[:n]]
    for f in out:
        USES[f] = USES.get(f, 0) + 1
        used.add(f)
    return out


def person_tail(frame):
    """closing clauses only where the person is the subject"""
    return "person" if frame.startswith("$S ") else None


def pair_document(male, gender):
    i = LISTS["male"].index(male)
    words = LISTS["male"][i], LISTS["female"][i]
    noun, opposite = words if gender == "m" else words[::-1]
    cast = new_cast(gender, noun, opposite)
    cast["R"] = pick(PAIRS[male]["R"])
    used = set()
    out = [make_sentence(f, cast, True, male, None) for f in take(OPEN, 1, used)]
    body = take(PAIRS[male]["F"], 3 + int(rnd() * 3), used) + take(PERSON, 1 + int(rnd() * 2), used)
    if rnd() < 0.35:
        body += take(OPPO, 1, used)
    if rnd() < 0.55:
        body += take(PAIRS[male]["Q"] if rnd() < 0.6 else PERSON_Q, 1, used)
    body = shuffled(body) + (take(CLOSE, 1, used) if rnd() < 0.2 else [])
    for f in body:
        out.append(make_sentence(f, cast, False, male, person_tail(f)))
    return finish(out)


def topic_document(name, gender):
    weight, opening, body, questions = TOPICS[name]
    cast = new_cast(gender, story=name)
    cast["W"] = expand(cast["W"], cast)
    cast["R"] = ""
    used = set()
    out = [make_sentence(f, cast, True, None, None) for f in take(opening, 1, used)]
    frames = take(body, 5 + int(rnd() * 4), used)
    if rnd() < 0.6:
        frames += take(questions, 1, used)
    for f in shuffled(frames):
        out.append(make_sentence(f, cast, False, None, person_tail(f)))
    return finish(out)


def finish(parts):
    parts = [p for p in parts if p]
    n = sum(len(sentences(p)) for p in parts)
    return " ".join(parts) if n >= 5 else None


def read_prose(path):
    docs = []
    if os.path.exists(path):
        for block in re.split(r"\n\s*\n", open(path, encoding="ascii").read()):
            block = " ".join(block.split())
            if block:
                docs.append(block)
    return docs


def main():
    prose = []
    for name in ("prose_a.txt", "prose_b.txt"):
        for doc in read_prose(os.path.join(HERE, name)):
            kept = []
            for s in sentences(doc):
                if len(WORD.findall(s)) >= 8 and s.lower() in seen_long:
                    continue          # a long sentence stands once
                accept(s)
                kept.append(s)
            if kept:
                prose.append(" ".join(kept))
    generated = []
    for name, (weight, _, _, _) in TOPICS.items():
        for _ in range(weight):
            for gender in shuffled(("m", "f")):
                generated.append(topic_document(name, gender))
    for male in LISTS["male"]:
        for _ in range(8):
            for gender in shuffled(("m", "f")):
                generated.append(pair_document(male, gender))
    # the rest goes to the gendered words that are the rarest so far, against FREQUENT
    generated = [doc for doc in generated if doc]
    counts = {w: 0 for w in LISTS["male"] + LISTS["female"]}
    size = 0

    def count(doc):
        for w in WORD.findall(doc.lower()):
            if w in counts:
                counts[w] += 1

    for doc in prose:
        count(doc)
    for doc in generated:
        count(doc)
        size += len(doc) + 2
    while size < GENERATED_BYTES:
        noun = min(counts, key=lambda w: (counts[w] / FREQUENT.get(w, 1.0), w))
        gender = "m" if noun in LISTS["male"] else "f"
        doc = pair_document(LISTS["male"][LISTS["male" if gender == "m" else "female"].index(noun)], gender)
        if doc:
            generated.append(doc)
            count(doc)
            size += len(doc) + 2
    docs = shuffled(prose + generated)
    with open(os.path.join(HERE, "corpus.txt"), "w", encoding="ascii", newline="\n") as out:
        out.write("\n\n".join(docs) + "\n")
    print("%d prose and %d generated documents" % (len(prose), len(generated)), file=sys.stderr)


if __name__ == "__main__":
    main()
