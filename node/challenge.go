package node

// challengeWords are the words that a test of the line asks to have said back: common, of letters
// that every keyboard has, and far enough apart to be told by voice. Their number divides 256, so
// that a random byte draws each as often.
func challengeWords() []string {
	return []string{
		"acorn", "almond", "amber", "anchor", "anvil", "apricot", "autumn", "bamboo", "banjo", "barley", "basket",
		"beacon", "birch", "biscuit", "blanket", "bottle", "bridge", "bronze", "bucket", "butter", "cabin",
		"camel", "candle", "canvas", "carpet", "castle", "cedar", "cherry", "chimney", "cinnamon", "clover",
		"cobalt", "coffee", "copper", "coral", "cotton", "cradle", "cricket", "crystal", "cushion", "cypress",
		"daisy", "desert", "diamond", "dolphin", "donkey", "drum", "ebony", "elbow", "emerald", "engine", "fabric",
		"falcon", "feather", "fiddle", "flour", "forest", "fossil", "fountain", "garden", "garlic", "ginger",
		"giraffe", "glacier", "goblet", "granite", "guitar", "hammer", "harbour", "hazel", "helmet", "honey",
		"ivory", "jacket", "jasmine", "jungle", "kettle", "kitchen", "ladder", "lantern", "lavender", "lemon",
		"lettuce", "lily", "linen", "lizard", "lobster", "magnet", "mango", "maple", "marble", "meadow", "mirror",
		"mitten", "mustard", "napkin", "needle", "nutmeg", "oatmeal", "ocean", "olive", "onion", "orchid",
		"oyster", "paddle", "palace", "paper", "parsley", "pebble", "pelican", "pepper", "piano", "pillow",
		"planet", "plum", "pocket", "potato", "pumpkin", "ribbon", "river", "salmon", "shelter", "silver", "spoon",
		"thunder", "tulip", "velvet", "walnut",
	}
}
