# What partners paid: statements of banks and payments by hand.
way-payments = Zahlungen
bank-title = Kontoauszug einlesen
bank-hint = Eine Datei in camt.053 (Version 02, 06 oder 08), wie Banken sie zum Herunterladen anbieten. Was eingegangen ist, steht unten und wartet, bis es erfasst wird; was schon gelesen wurde, kommt nicht noch einmal.
bank-file = Kontoauszug
bank-read-do = Einlesen
bank-busy = Ein anderer Kontoauszug wird gerade gelesen. Wählen Sie die Datei gleich noch einmal.
bank-read = { $fresh ->
    [0] Nichts Neues ist eingegangen.
    [one] Eine neue Zeile wartet.
   *[other] { $fresh } neue Zeilen warten.
} { $known ->
    [0] { "" }
    [one] Eine wurde schon gelesen.
   *[other] { $known } wurden schon gelesen.
} { $others ->
    [0] { "" }
    [one] Eine Buchung wurde übergangen, weil Geld abging oder sie noch nicht gebucht ist.
   *[other] { $others } Buchungen wurden übergangen, weil Geld abging oder sie noch nicht gebucht sind.
}
bank-views = Welche gezeigt werden
bank-view-waiting = Wartend ({ $count })
bank-view-entered = Erfasst
bank-view-aside = Beiseitegelegt
bank-recognised = Erkannte erfassen
bank-recognised-hint = Was ein Dokument eines einzigen Partners in dessen Währung nennt, wird für dieses Dokument erfasst. Was vielleicht schon erfasst wurde, bleibt Ihnen überlassen.
bank-entered-many = { $count ->
    [0] Nichts wurde erfasst.
    [one] Eine Zahlung wurde erfasst.
   *[other] { $count } Zahlungen wurden erfasst.
}
bank-none-waiting = Nichts wartet.
bank-none-entered = Noch wurde nichts erfasst.
bank-none-aside = Nichts wurde beiseitegelegt.
bank-from = { $payer }, { $day }
bank-from-nobody = { $day }
bank-said = Verwendungszweck: { $text }
bank-for = Für { $partner }: { $documents }
bank-names-none = Nennt kein Dokument
bank-not-there = Nennt { $number }, das es nicht gibt
bank-several = Nennt Dokumente mehrerer Partner
bank-not-alone = Vielleicht Geld mehrerer Zahler, oder Geld, das zurückkam
bank-other-currency = Nennt { $number }, das in anderer Währung ist
bank-alike = Derselbe Betrag wurde am selben Tag schon erfasst: { $reference }
bank-decide = Zuordnen
bank-paid-by = Wer gezahlt hat
bank-paid-by-hint = Die Nummer eines Dokuments, oder der ganze Name oder die ID eines Partners. Das Geld kommt auf die genannten Dokumente, dann auf die am frühesten fälligen.
bank-enter = Erfassen
bank-aside = Von keinem Partner
bank-back = Wieder warten lassen
bank-done-entered = Die Zahlung von { $partner } wurde erfasst.
bank-done-aside = Es wurde beiseitegelegt.
bank-done-back = Es wartet wieder.
bank-done-taken-back = Die Zahlung wurde zurückgenommen. Was sie beglich, ist wieder offen.
bank-left = { $left } davon warten auf Dokumente
bank-undone = Zurückgenommen
bank-take-back = Zurücknehmen
bank-take-back-hint = Was sie beglich, ist wieder offen. Stand sie auf einem Kontoauszug, wartet sie wieder.
bank-by-hand = Zahlung von Hand erfassen
bank-reference = Referenz
bank-amount = Betrag
bank-day = Eingegangen am
bank-amount-wrong = Geben Sie einen Betrag über null an, zum Beispiel 428.37.
bank-view-late = Überfällig
bank-none-late = Nichts ist überfällig.
bank-late-hint = Was von Rechnungen nach ihrem Fälligkeitstag offen ist, das Älteste zuerst. Den Partnern wurde es mitgeteilt.
bank-late-row = { $number }, fällig am { $due }
