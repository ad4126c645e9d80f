"""The columns of a table of meetings, by our names, each with the names it goes by: those of people
here, and of the exports of Outlook and Google. The first are the surest."""

from __future__ import annotations

COLUMNS = {
    "kind": (
        "soort", "kind", "soort bijeenkomst", "type bijeenkomst", "type", "categorie",
        "categorieën", "category", "categories", "activiteit", "wat voor bijeenkomst",
    ),
    "title": (
        "titel", "title", "onderwerp", "subject", "titel bijeenkomst", "naam bijeenkomst",
        "onderwerp bijeenkomst", "bijeenkomst", "thema", "naam", "summary", "omschrijving",
    ),
    "day": (
        "datum", "date", "begindatum", "startdatum", "start date", "begin date",
        "datum bijeenkomst", "datum begin", "begin datum", "dag", "day", "wanneer",
    ),
    "end_day": ("einddatum", "end date", "datum einde", "eind datum", "datum eind", "tot datum"),
    "start": (
        "begin", "start", "van", "begintijd", "starttijd", "start time", "aanvangstijd", "aanvang",
        "begin time", "tijd", "tijdstip", "tijden", "time", "tijd van", "van tijd", "tijd begin",
        "starttijdstip", "hoe laat",
    ),
    "end": (
        "einde", "eind", "tot", "end", "eindtijd", "end time", "tijd tot", "tot tijd", "tijd einde",
        "sluiting", "tot hoe laat",
    ),
    "length": ("duur", "tijdsduur", "duration", "lengte"),
    "whole_day": ("duur hele dag", "duurt hele dag", "hele dag", "all day event", "all day"),
    "weekday": ("weekdag", "dag van de week", "weekday"),
    "place": ("plaats", "locatie", "place", "location", "adres", "waar", "zaal", "ruimte"),
    "host": ("team", "gastheer", "ontvangend team", "host team", "ontvangende team", "bij team"),
    "guest": (
        "gast team", "gast", "guest team", "bezoekend team", "bezoekende team", "team op bezoek",
    ),
    "teams": ("teams", "deelnemers", "deelnemende teams"),
    "repeat": ("herhaling", "herhalen", "rrule", "herhaalt", "frequentie"),
    "except": ("uitzonderingen", "behalve", "niet op", "uitzondering"),
    "delay": ("vertraging", "delay"),
    "uid": ("kenmerk", "uid", "id"),
    "state": ("status", "stand", "stand van zaken"),
    "off": ("geannuleerd", "afgezegd", "vervalt", "vervallen", "afgelast", "cancelled", "canceled"),
    "on": ("gaat door", "doorgang", "gaat het door"),
}  # fmt: skip
NEEDS = (("day", "start"),)
WANTED = ("soort", "titel", "datum", "begin", "einde", "plaats")
"""What the columns are called, for who names them otherwise."""

ENGLISH = frozenset(("startdate", "date", "begindate"))
"""Names of a column with days, in tables of programs that may put the month first."""
OF_PROGRAMS = frozenset((
    "herinneringaanuit", "herinneringsdatum", "herinneringstijd", "vergaderingsorganisator",
    "organisator", "vereistedeelnemers", "optioneledeelnemers", "vergaderbronnen", "beschrijving",
    "omschrijving", "notities", "opmerkingen", "factuurgegevens", "factureringsgegevens",
    "prioriteit", "prive", "reisafstand", "gevoeligheid", "vertrouwelijkheid", "tijdweergevenals",
    "reminderonoff", "reminderdate", "remindertime", "meetingorganizer", "organizer",
    "requiredattendees", "optionalattendees", "meetingresources", "billinginformation",
    "description", "notes", "mileage", "priority", "private", "sensitivity", "showtimeas",
    "attendees", "created", "lastmodified", "nr", "nummer", "volgnummer",
))  # fmt: skip
"""Columns that say nothing about when a meeting is and whose: not worth a word each."""
