"""Documents for people to read: the words, the layout and the PDF.

The pages use the same words and the same order, so that what is printed is what was seen.
"""
