"""The read models as pages for a browser, for those who run Milena.

Datasette serves them, read-only, behind a door of our own; the pages need no scripts and nothing from any
other host. Datasette is the extra ``web``: only what is imported when ``milena web`` runs knows it.
"""
