"""The rules that find identifying details; `find` is their front."""
