"""Floor 1: finding card numbers, keys and passwords in text and replacing them."""
