// questions.hpp: the words that are asked about. The same for every text; nothing here is read by the training.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace lexigrad::train_embeddings {

using Words = std::vector<std::string>;

/// Cosines shown on the screen: two that should come near, two that should not.
inline const std::vector<std::pair<std::string, std::string>> shown_pairs = {
    {"cat", "dog"}, {"cat", "democracy"}, {"cat", "the"}, {"king", "queen"}, {"car", "vehicle"}};

/// male : female. Each asks of every other one: man is to woman as king is to …?
inline const std::vector<std::pair<std::string, std::string>> gender_pairs = {
    {"man", "woman"},      {"boy", "girl"},        {"father", "mother"}, {"son", "daughter"},
    {"brother", "sister"}, {"husband", "wife"},    {"uncle", "aunt"},    {"grandfather", "grandmother"},
    {"king", "queen"},     {"prince", "princess"}, {"actor", "actress"}, {"nephew", "niece"},
    {"duke", "duchess"},   {"waiter", "waitress"}, {"gentleman", "lady"}};

/// The axis living / not living: the words that make it, and the others that are ranked along it.
inline const Words living_seeds = {"dog", "bird", "boy", "horse"};
inline const Words lifeless_seeds = {"stone", "table", "lamp", "box"};
inline const Words living_words = {"man",    "woman",   "girl",   "king",  "queen", "prince", "princess", "father",
                                   "mother", "brother", "sister", "uncle", "aunt",  "cat",    "puppy",    "kitten",
                                   "rabbit", "cow",     "sheep",  "goat",  "pig",   "hen",    "duck",     "donkey",
                                   "lion",   "wolf",    "fox",    "bear",  "mouse", "frog"};
inline const Words lifeless_words = {"chair",  "book",    "cup",  "plate",  "spoon",   "clock",  "hammer",  "bottle",
                                     "basket", "blanket", "key",  "house",  "kitchen", "castle", "tower",   "bread",
                                     "soup",   "cheese",  "road", "bridge", "car",     "truck",  "bicycle", "boat"};

/// Words that open answers.
inline const Words answer_openers = {"Yes", "No", "Because", "Perhaps", "Certainly", "Nobody", "Of"};

/// The words of the map.
inline const std::vector<std::pair<std::string, Words>> map_groups = {
    {"royal", {"king", "queen", "prince", "princess", "duke", "duchess"}},
    {"people",
     {"man", "woman", "boy", "girl", "father", "mother", "son", "daughter", "brother", "sister", "uncle", "aunt"}},
    {"animals", {"cat", "dog", "pet", "feline", "puppy", "kitten", "rabbit", "cow", "horse", "bird", "lion", "wolf"}},
    {"vehicles", {"car", "truck", "bus", "vehicle", "van", "taxi", "drive", "road", "street", "train", "boat"}},
    {"food", {"bread", "soup", "cheese", "apple", "milk", "water", "tea"}},
    {"things", {"table", "chair", "lamp", "book", "stone", "box", "clock"}},
    {"numbers", {"two", "three", "four", "five", "six", "seven", "ten"}},
    {"sizes", {"big", "large", "huge", "small", "little", "tiny"}},
    {"public life", {"democracy", "election", "parliament", "vote", "law", "government"}}};

}  // namespace lexigrad::train_embeddings
