# Supportanfragen: von Partnern gestellt, vom Betreiber beantwortet.
way-requests = Anfragen der Partner
support-new = Neue Anfrage
support-new-title = Ein Problem mit dem Partner Center melden
support-yours = Ihre Anfragen
support-none = Sie haben noch keine Anfrage gestellt. Ihre Anfragen und die Antworten darauf stehen hier; Ihre Kollegen sehen sie nicht.
support-older = Ältere Anfragen
support-more = Weitere Anfragen
support-unread = Neue Antwort
support-changed = Zuletzt geändert
support-state = Stand
support-number = Anfragenummer
support-request-number = Anfrage { $number }
support-asked = Gestellt am
support-due = Erste Antwort fällig
support-overdue = Überfällig
support-was-answered = Beantwortet

# Das Formular.
support-details = Angaben
support-choose = Wählen Sie eine Art
support-type = Art des Problems
support-impact = Auswirkung
support-impact-answer = { $hours ->
    [one] { $impact }: erste Antwort innerhalb von { $hours } Stunde
   *[other] { $impact }: erste Antwort innerhalb von { $hours } Stunden
}
support-title = Titel
support-description = Beschreibung
support-description-text = Worin besteht das Problem?
support-description-hint = Für alle Arten außer der Erstattung. Schreiben Sie, was Sie getan haben, was geschah und was Sie erwartet haben. Schreiben Sie hier nie einen Product Key oder ein Passwort.
support-items-hint = Für die Erstattung sind alle vier Angaben nötig.
support-tenant = Mandanten-GUID oder Domänenname des Kunden
support-purchase = Bestell-ID oder Abonnement-ID
support-reason = Grund der Erstattung
support-amount = Gewünschter Betrag
support-amount-asked = Gewünschter Betrag
support-customer = Kunde
support-customer-optional = Mandanten-GUID oder Domänenname des Kunden (optional)
support-order = Bestellung
support-partner = Partnerfirma
support-contact = Kontakt
support-contact-hint = Ihre eigenen Angaben, nicht die des Kunden. Der Betreiber antwortet hier und meldet sich vielleicht telefonisch oder per E-Mail.
support-name = Vor- und Nachname
support-email = E-Mail-Adresse
support-phone = Telefonnummer
support-add-files = Dateien hinzufügen
support-files = Dateien
support-files-hint = { $count ->
    [one] Optional. Höchstens eine Datei mit { $size }: PDF, Bild, Text, Word, Excel, OpenDocument-Text oder ZIP.
   *[other] Optional. Bis zu { $count } Dateien mit je { $size }: PDF, Bilder, Text, Word, Excel, OpenDocument-Text oder ZIP.
}
support-files-again = Die Dateien wurden nicht behalten. Wählen Sie sie noch einmal aus.
support-files-too-many = { $count ->
    [one] Wählen Sie höchstens eine Datei.
   *[other] Wählen Sie höchstens { $count } Dateien.
}
support-files-broken = Die Dateien sind nicht angekommen. Wählen Sie höchstens { $count } Dateien mit je { $size }.
support-file-too-large = { $name } ist größer als { $size }. Wählen Sie eine kleinere Datei.
support-file-empty = { $name } ist leer. Wählen Sie eine andere Datei.
support-file-kind = { $name } hat eine Art, die nicht angenommen wird, oder ist nicht, was der Name sagt. Wählen Sie eine Datei mit PDF, Bild, Text, Word, Excel, OpenDocument-Text oder ZIP.
support-submit = Absenden
support-refund-title = Erstattung für { $product }
support-customer-unknown = Sie haben keinen solchen Kunden. Geben Sie seine Mandanten-GUID oder den ganzen Domänennamen an.
support-order-unknown = Dieser Kunde hat keine solche Bestellung und kein solches Abonnement. Geben Sie die Nummer oder die ID an.
support-amount-wrong = Geben Sie einen Betrag in { $currency } an, zum Beispiel 1500,00.

# Das Gespräch.
support-conversation = Verlauf
support-you = Sie
support-operator = Betreiber
support-operator-person = { $name }
support-earlier = Frühere Nachrichten
support-withdrawn = Zurückgezogen, damit die Bestellung im Portal storniert werden kann.
support-message = Nachricht
support-add-note = Nachricht hinzufügen
support-send = Senden
support-close = Anfrage schließen
support-reopen = Anfrage wieder öffnen
support-reopen-title = Besteht das Problem wieder?
support-raised = Ihre Anfrage wurde abgesendet. Sie hat die Nummer { $number }.
support-said = Ihre Nachricht wurde hinzugefügt.
support-closed = { $days ->
    [one] Die Anfrage ist geschlossen. Sie kann innerhalb von { $days } Tag wieder geöffnet werden.
   *[other] Die Anfrage ist geschlossen. Sie kann innerhalb von { $days } Tagen wieder geöffnet werden.
}
support-reopened = Die Anfrage ist wieder offen.

# Die Seite des Betreibers.
support-filter = Filtern
support-any = Alle
support-not-closed = Nicht geschlossen
support-queue-empty = Hier wartet keine Anfrage.
support-ask-back = Nachfragen
support-answered = Die Antwort wurde gesendet.
support-asked-back = Die Rückfrage wurde gesendet. Die Anfrage wartet auf den Partner.
support-closed-by-us = Die Anfrage ist geschlossen.
support-activations-title = Weitere Aktivierungen
support-activations-wanted = Gewünschte Aktivierungen
support-activations-answered = Die Anfrage wurde beantwortet und geschlossen.
support-granted = Aktivierungen, die der Product Key insgesamt erlauben soll
support-answer = Antwort an den Partner
support-grant = Gewähren
support-refuse = Ablehnen
support-credit-title = Über eine Gutschrift im Ausnahmefall entscheiden
support-credit-lead = Eine Gutschrift im Ausnahmefall erstattet Geld, ohne die Bestellung zu stornieren: Product Keys und Abonnements bestehen weiter. Sie kann nicht zurückgenommen werden, und die Bestellung kann danach nicht mehr im Portal storniert werden.
support-credit-asked = Gewünscht: { $amount }
support-credit-which = Position der Bestellung
support-credit-line = { $title } (höchstens { $left })
support-credit-amount = Betrag der Gutschrift
support-credit-reason = Begründung
support-credit-reason-hint = Steht im Aktivitätsprotokoll des Partners.
support-credit-book = Gutschrift buchen
support-credited = Die Gutschrift wurde gebucht. Teilen Sie es dem Partner mit einer Antwort mit.
support-credit-other = Dieses Formular hat schon eine andere Gutschrift gebucht. Unten steht, was noch übrig ist; entscheiden Sie neu, wenn mehr gutgeschrieben werden soll.

# Gespeicherte Wörter.
support-topic-more-activations = Weitere Aktivierungen
support-topic-refund = CSP-Kauf/Erstattung im Auftrag von Kunden
support-topic-technical = Technisches Problem
support-topic-billing = Abrechnung
support-topic-account = Konto und Benutzer
support-topic-other = Etwas anderes
support-impact-critical = Kritisch
support-impact-moderate = Mittel
support-impact-minimal = Gering
support-state-open = Offen
support-state-attention-needed = Rückfrage offen
support-state-closed = Geschlossen
charge-customercredit = Gutschrift im Ausnahmefall
operation-credit-order = Gutschrift im Ausnahmefall gebucht
fact-topic = Art des Problems
fact-severity = Auswirkung
fact-files = Dateien
fact-amount = Betrag
fact-request = Anfrage
trouble-ask = Betreiber fragen
