"""Files of the pages as a browser gets them: bundled, packed, named by what is in them."""
