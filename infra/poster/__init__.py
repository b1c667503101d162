"""Posters of a link, to print and hang up: PDF and SVG of one drawing."""
