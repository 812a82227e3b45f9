"""How a case is told in a moderation log, language by language."""

from msgspec import Struct

from milena.domain.case import Act
from milena.domain.tongues import language


class Words(Struct, frozen=True):
    """One language, by its locale. ``done``, ``failed``, ``removed``, ``amended``: sentences that are filled
    in; ``why``: what failed, by its code, where that is not told in English."""

    locale: str
    acts: dict[Act, str]
    case: str
    amended: str
    member: str
    by: str
    where: str
    until: str
    reason: str
    before: str
    none: str
    result: str
    done: str
    failed: str
    removed: tuple[str, str]
    why: dict[str, str] = {}


ENGLISH = Words(
    locale="en",
    acts={
        "warn": "warning", "timeout": "time-out", "kick": "kick", "ban": "ban", "unban": "unban",
        "purge": "purge",
    },
    case="Case {}: {}",
    amended="Case {} ({}) has another reason",
    member="Member",
    by="By",
    where="Where",
    until="Until",
    reason="Reason",
    before="Before",
    none="none",
    result="Result",
    done="done",
    failed="not done. {}",
    removed=("{} message removed", "{} messages removed"),
)  # fmt: skip

GERMAN = Words(
    locale="de",
    acts={
        "warn": "Verwarnung", "timeout": "Auszeit", "kick": "Rauswurf", "ban": "Bann",
        "unban": "Bann aufgehoben", "purge": "Nachrichten gelöscht",
    },
    case="Fall {}: {}",
    amended="Fall {} ({}) hat einen anderen Grund",
    member="Mitglied",
    by="Von",
    where="Wo",
    until="Bis",
    reason="Grund",
    before="Vorher",
    none="keiner",
    result="Ergebnis",
    done="erledigt",
    failed="nicht erledigt. {}",
    removed=("{} Nachricht gelöscht", "{} Nachrichten gelöscht"),
    why={
        "missing_permission": "Discord lässt es Milena nicht tun: Ihrer Rolle fehlt das Recht dazu, oder sie "
        "steht nicht über allen Rollen des Mitglieds.",
        "unknown_member": "Diese Person ist nicht (mehr) auf diesem Server.",
        "unknown_user": "Discord kennt diese Person nicht mehr.",
        "unknown_channel": "Diesen Kanal gibt es nicht mehr.",
        "missing_access": "Milena kann diesen Kanal nicht sehen: Ihrer Rolle fehlt das Recht Kanal anzeigen.",
        "not_banned": "Diese Person ist nicht gebannt.",
        "no_direct_messages": "Diese Person nimmt von hier keine Direktnachrichten an.",
        "too_old": "Manche der Nachrichten sind älter als 14 Tage: Discord löscht sie nicht gemeinsam.",
        "over": "Die Auszeit war vorbei, bevor sie beginnen konnte.",
        "interrupted": "Milena wurde dabei angehalten: Nachrichten sind gelöscht, oder auch nicht.",
        "unreachable": "Discord hat nicht geantwortet.",
        "given_up": "Es ging nicht rechtzeitig, und wird nicht mehr versucht.",
    },
)  # fmt: skip

LANGUAGES = (ENGLISH, GERMAN)


def words(locale: str) -> Words:
    """Of a server's locale, as Discord names it (``de``, ``en-GB``): English where there are no others."""
    return next((each for each in LANGUAGES if each.locale == language(locale)), ENGLISH)
