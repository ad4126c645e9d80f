"""What is said in the clips: a voice of espeak-ng, and words of our own."""

SPOKEN = {
    "monday": ("nl", "Ik belde op maandag. Op woensdag zat er iemand bij mij aan tafel."),
    "asked": ("nl+f3", "Zij vroeg eerst wat ik zelf al had geprobeerd."),
    "dinner": ("en+f3", "We had dinner together, and then we talked about my children."),
}
