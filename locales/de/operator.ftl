# Die Konsole des Betreibers.
way-partners = Partner
way-catalogue = Katalog
way-policies = Richtlinien
way-stock = Bestand
way-jobs = Aufgaben
way-health = Zustand
op-more = Mehr anzeigen
op-show = Anzeigen

# Partner.
op-partners-find = Name beginnt mit
op-partners-none-yet = Es gibt noch keinen Partner. Fügen Sie den ersten hinzu.
op-partners-none-found = Kein Partner passt. Versuchen Sie es mit weniger Buchstaben.
op-partner-add = Partner hinzufügen
op-partner-add-hint = Der Partner erhält einen eigenen Schlüssel für seine Geheimnisse. Seinen ersten Administrator fügen Sie auf seiner Seite hinzu.
op-partner-added = Der Partner wurde hinzugefügt. Fügen Sie jetzt seinen ersten Administrator hinzu.
op-partner-name = Name des Partners
op-partner-state = Darf handeln
op-partner-active = Aktiv
op-partner-inactive = Inaktiv
op-partner-now-active = Der Partner darf wieder handeln.
op-partner-now-inactive = Der Partner darf keine Bestellungen mehr aufgeben.
op-partner-details = Über den Partner
op-partner-customers = Kunden
op-partner-stop = Handel beenden
op-partner-stop-hint = Der Partner kann nichts bestellen, bis Sie den Handel wieder erlauben. Anmelden, Product Keys öffnen und stornieren kann er weiterhin.
op-partner-stop-now = Partner inaktiv setzen
op-partner-start = Handel wieder erlauben
op-partner-start-hint = Der Partner kann sofort wieder bestellen.
op-partner-start-now = Partner aktiv setzen
op-country = Land
op-currency = Währung
op-regions = Verkaufsregionen
op-regions-hint = Wo der Partner verkaufen darf. Ohne Auswahl: die Region seines Landes.
op-programme-id = Programm-ID
op-programme-id-optional = Programm-ID (optional)
op-tenant-id = Mandanten-ID
op-admins = Globale Administratoren
op-admin-none = Noch verwaltet niemand diesen Partner.
op-admin-name = Name des Administrators
op-admin-hint = Die Person erhält ein vorläufiges Passwort, das einmal angezeigt wird, und richtet bei der ersten Anmeldung einen zweiten Faktor ein.
op-admin-add = Administrator hinzufügen
op-admin-once = Dieses Passwort wird nur dieses eine Mal angezeigt. Geben Sie es sicher weiter; bei der ersten Anmeldung muss es geändert werden.
op-admin-back = Zurück zum Partner
op-upn-wrong = Geben Sie einen Anmeldenamen wie ada@example.com an, höchstens 113 Zeichen.
op-upn-taken = Dieser Anmeldename ist vergeben. Wählen Sie einen anderen.

# Dateien.
op-file-most = Höchstens { $most }.
op-file-wrong = Wählen Sie eine Datei von höchstens { $most }.
op-file-kind = Das ist eine andere Art von Datei. Wählen Sie eine von diesen: { $kinds }.
op-file-none = Wählen Sie eine Datei, die nicht leer ist.
op-file-too-large = Die Datei ist größer als { $most }. Teilen Sie sie, oder importieren Sie sie über die Befehlszeile.

# Katalog und Preisblätter.
op-products-find = Produkte suchen
op-products-none-yet = Der Katalog ist leer. Importieren Sie ein Preisblatt.
op-products-none-found = Kein Produkt passt.
op-product = Produkt
op-publisher = Herausgeber
op-prices = Preiszeilen
op-prices-in-all = { $count ->
    [one] Insgesamt { $count } Preiszeile
   *[other] Insgesamt { $count } Preiszeilen
}
op-sheet-title = Preisblatt
op-sheet-hint = Eine CSV-Datei mit den veröffentlichten Spalten. Sie sehen, was sich ändert, bevor etwas gilt.
op-sheet-file = CSV-Datei
op-sheet-look = Änderungen ansehen
op-sheet-preview = Was dieses Preisblatt ändert
op-sheet-refused = Nichts wurde importiert. Berichtigen Sie diese Zeilen und senden Sie das Blatt noch einmal.
op-sheet-bad-rows = { $count ->
    [one] { $count } Zeile wird abgelehnt.
   *[other] { $count } Zeilen werden abgelehnt.
}
op-sheet-refused-rows = Abgelehnte Zeilen
op-sheet-line = Zeile
op-sheet-column = Spalte
op-sheet-right = Was falsch ist und was richtig wäre
op-sheet-overlap = Zeiträume und Staffeln
op-sheet-would = Änderungen
op-sheet-rows = Zeilen im Blatt
op-sheet-new-products = Neue Produkte
op-sheet-new-skus = Neue SKUs
op-sheet-new-items = Neue Artikel
op-sheet-new-prices = Neue Preiszeilen
op-sheet-changed-prices = Geänderte Preiszeilen
op-sheet-sum = SHA-256 des Blatts
op-sheet-nothing = Kein Preis ändert sich. Namen und Mengen von Produkten können sich ändern.
op-sheet-apply-hint = Es werden alle Zeilen importiert oder keine. Aufgegebene Bestellungen behalten ihre Preise.
op-sheet-apply = Diese Zeilen importieren
op-sheet-leave = Nicht importieren
op-sheet-another = Andere Datei wählen
op-sheet-changes = Geänderte Preise
op-sheet-imported = Das Preisblatt wurde importiert: { $rows } Zeilen gelesen, { $changed } neu oder geändert.
op-import-title = Preisliste wird importiert
op-keys-importing = Product Keys werden hinzugefügt
op-keys-busy = Gerade wird eine andere Datei mit Product Keys hinzugefügt. Wählen Sie die Datei gleich noch einmal aus.
op-import-reading = Die Liste wird gelesen.
op-import-rows = { $taken } von { $rows } Zeilen
op-import-hint = Sie können diese Seite verlassen und zu ihr zurückkehren. Alle Zeilen werden importiert oder keine. Große Listen brauchen einige Minuten.
op-item = Artikel
op-market = Markt
op-term = Laufzeit
op-price-now = Preis jetzt
op-price-then = Preis danach

# Richtlinien.
op-policies-sections = Richtlinien und Märkte
op-policies-switched = Das Profil wurde gewechselt. Es gilt ab jetzt.
op-profile-in-force = Geltendes Profil:
op-profile-other = Was würde ein anderes Profil ändern?
op-profile-compare = Vergleichen
op-profile-switch = Zu { $to } wechseln
op-profile-switch-hint = Die Zeilen des anderen Profils gelten sofort, ohne Neustart, für neue Bestellungen und für die, deren Tag sie abdecken.
op-profile-switch-now = { $to } jetzt gelten lassen
op-compare-title = { $from } im Vergleich mit { $to }
op-compare-hint = Für heute aufgegebene Bestellungen und heute erstellte Links. Links vom Pfeil: wie es ist; rechts davon: wie es wäre.
op-compare-orders = Bestellungen der letzten 90 Tage mit anderer Frist
op-family = Produktart
op-window = Stornierbar
op-window-none = nie
op-window-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
op-window-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
op-credit = Gutschrift
op-credit-none = keine
op-credit-full = vollständig
op-credit-prorated = für nicht genutzte Tage
op-credit-prorated-after = { $count ->
    [one] { $count } Stunde lang vollständig, danach für nicht genutzte Tage
   *[other] { $count } Stunden lang vollständig, danach für nicht genutzte Tage
}
op-link-life = Lebensdauer eines Downloadlinks
op-link-none = keine Regel
op-link-from-issue = { $count ->
    [one] { $count } Tag ab Erstellung
   *[other] { $count } Tage ab Erstellung
}
op-link-from-first = { $count ->
    [one] { $count } Tag ab dem ersten Download
   *[other] { $count } Tage ab dem ersten Download
}
op-link-downloads = Erlaubte Downloads
op-link-unlimited = beliebig viele
op-rules-cancellation = Stornieren
op-rules-links = Downloadlinks
op-orders-from = Bestellungen ab
op-links-from = Links ab
op-rule-today = Heute
op-rule-counts = In Kraft

# Märkte.
op-markets = Märkte
op-market-region = Verkaufsregion
op-market-tax = Listenpreis enthält Steuer für
op-blocks = Nicht verkauft in
op-blocks-none = Es gibt keinen Markt, in dem dies nicht verkauft wird.
op-block-add = Verkauf in einem Markt beenden
op-block-add-hint = Gilt für Kunden des Marktes und für Partner von dort. Aufgegebene Bestellungen bleiben, wie sie sind.
op-block-from = Erster Tag
op-block-until = Wieder verkauft ab
op-block-holds = Nicht verkauft
op-block-not = Verkauft
op-block-end = Wieder verkaufen
op-block-end-open = Wieder verkaufen…
op-block-end-day = Ab diesem Tag
op-block-end-now = Tag speichern
op-block-added = Der Markt steht jetzt auf der Liste.
op-block-ended = Der Tag wurde gespeichert.
op-block-day-wrong = Geben Sie einen Tag an, der nicht in der Vergangenheit liegt.
op-block-there = Dieser Markt steht für diesen Tag schon auf der Liste.

# Bestand.
op-keys-title = Product Keys hinzufügen
op-keys-hint = Eine CSV-Datei mit den Spalten ProductId und Key; Version und Activations können fehlen. Die Schlüssel werden versiegelt und hier nie angezeigt.
op-keys-file = Datei mit Schlüsseln
op-keys-add = Schlüssel hinzufügen
op-keys-added = { $count ->
    [one] { $count } Product Key wurde hinzugefügt; { $there } waren schon da.
   *[other] { $count } Product Keys wurden hinzugefügt; { $there } waren schon da.
}
op-keys-refused = Kein Schlüssel wurde hinzugefügt: { $why }. Berichtigen Sie die Zeile und senden Sie die Datei noch einmal.
op-stock-none = Noch hat kein Produkt Versionen. Sie kommen mit den ersten Schlüsseln oder Dateien.
op-in-stock = Auf Lager
op-handed = Ausgegeben
op-alarm = Alarm bei
op-alarm-label = Alarm, wenn nur noch so viele da sind
op-alarm-save = Alarm speichern
op-alarm-saved = Der Alarm wurde gespeichert.
op-stock-state = Lage
op-stock-empty = Keine mehr
op-stock-low = Nur noch wenige
op-stock-enough = Genug
op-product-versions = Versionen
op-product-no-versions = Von diesem Produkt gibt es noch weder Schlüssel noch Dateien.
op-media = Softwaredateien
op-media-none = Es gibt noch keine Datei zum Herunterladen.
op-media-hint = Dateien werden mit <code>chandlery media add</code> hinzugefügt.

# Aufgaben.
op-jobs-none = Nichts wartet.
op-jobs-waiting = { $count ->
    [one] { $count } Aufgabe wartet.
   *[other] { $count } Aufgaben warten.
}
op-jobs-troubled = { $count ->
    [one] { $count } ging schon einmal schief.
   *[other] { $count } gingen schon einmal schief.
}
op-job = Aufgabe
op-job-provision = Bestellung bereitstellen
op-job-mail = E-Mail senden
op-job-partner = Wessen
op-job-due = Fällig
op-job-now = Jetzt fällig
op-job-tries = Versuche
op-job-why = Letzter Grund
op-job-do = Was tun
op-job-retry = Jetzt versuchen
op-job-retried = Die Aufgabe wird jetzt versucht.
op-job-give-up = Aufgeben…
op-job-give-up-hint = Die E-Mail wird nicht mehr gesendet, und niemand wird benachrichtigt.
op-job-give-up-now = Diese E-Mail aufgeben
op-job-given-up = Die E-Mail wurde aufgegeben.

# Zustand.
op-tone-good = Gut
op-tone-careful = Prüfen
op-tone-bad = Jetzt handeln
op-health-version = Programmversion
op-health-started = Läuft seit
op-health-uptime = { $days } T. { $hours } Std.
op-health-what = Was geprüft wurde
op-health-state = Lage
op-health-found = Befund
op-health-unknown = Es konnte nicht geprüft werden.
op-health-database = Datenbank
op-health-schema = Datenbankschema
op-health-schema-good = Das, das dieses Programm kennt
op-health-schema-behind = { $count ->
    [one] { $count } Migration fehlt
   *[other] { $count } Migrationen fehlen
}
op-health-schema-other = Ein anderes, als dieses Programm kennt
op-health-schema-do = Legen Sie eine Sicherung an und führen Sie dann „chandlery migrate“ aus.
op-health-work = Wartende Aufgaben
op-health-work-none = Keine
op-health-work-some = { $count ->
    [one] { $count } wartet, fällig { $since }
   *[other] { $count } warten, die erste fällig { $since }
}
op-health-work-do = Lesen Sie die Gründe unter Aufgaben, und beheben Sie, was sie nennen.
op-health-orders = Wartende Bestellungen
op-health-orders-none = Keine wartet auf Sie
op-health-orders-some = { $count ->
    [one] { $count } konnte nicht bereitgestellt werden
   *[other] { $count } konnten nicht bereitgestellt werden
}
op-health-orders-do = Die meisten warten auf Product Keys: Fügen Sie unter Bestand welche hinzu.
op-health-log = Aktivitätsprotokoll
op-health-log-all = Bis jetzt versiegelt
op-health-log-until = { $count ->
    [one] Bis { $until } versiegelt; { $count } Eintrag wartet
   *[other] Bis { $until } versiegelt; { $count } Einträge warten
}
op-health-log-do = Der Server versiegelt zweimal in der Sekunde. Suchen Sie in seiner Ausgabe nach Fehlern.
op-health-backup = Letzte Sicherung
op-health-backup-unknown = Hier ist keine bekannt
op-health-backup-do = Führen Sie täglich „chandlery backup“ aus; bei PostgreSQL überwachen Sie Ihr pg_dump selbst.
op-health-stock = Katalog und Bestand
op-health-stock-good = Preise sind da und genug Schlüssel
op-health-stock-empty = Im Katalog steht kein Preis
op-health-stock-low = { $count ->
    [one] Von { $count } Version sind nur noch wenige Schlüssel da
   *[other] Von { $count } Versionen sind nur noch wenige Schlüssel da
}
op-health-stock-do = Importieren Sie Preise unter Katalog und Schlüssel unter Bestand.
op-health-folder = Datenordner
op-health-folder-good = Behält, was geschrieben wird
op-health-folder-bad = Ist nicht beschreibbar
op-health-folder-do = Machen Sie den Benutzer des Servers zum Eigentümer, und prüfen Sie den Datenträger.
op-health-disk = Freier Speicherplatz
op-health-disk-do = Ein voller Datenträger hält alles an: Schaffen Sie Platz.
op-health-ring = Schlüsselbund
op-health-ring-good = { $count ->
    [one] { $count } Schlüssel, nur für den Eigentümer lesbar
   *[other] { $count } Schlüssel, nur für den Eigentümer lesbar
}
op-health-ring-bad = Nicht lesbar, oder andere dürfen es lesen
op-health-ring-do = Führen Sie „chandlery doctor“ aus: Es sagt, was mit keyring.json nicht stimmt.
op-health-media = Ablage der Medien
op-health-media-good = Antwortet
op-health-media-bad = Antwortet nicht
op-health-media-do = Niemand kann jetzt herunterladen. Prüfen Sie --media und den Speicher selbst.
op-health-mail = E-Mail
op-health-mail-good = Ein Mailserver ist eingerichtet
op-health-mail-bad = Kein Mailserver ist eingerichtet
op-health-mail-do = Starten Sie den Server mit --smtp, damit Links und Hinweise ankommen.

# Was im Protokoll steht.
operation-change-partner = Partner geändert
operation-change-policies = Richtlinien gewechselt
operation-change-market = Märkte geändert
operation-change-stock = Bestandsalarm geändert
operation-retry-work = Aufgabe sofort versucht
operation-give-up-work = Aufgabe aufgegeben
fact-partner = Partner-ID
fact-low-stock = Alarm bei
fact-family = Produktart
op-limit = Kreditrahmen
op-limit-none = Was dieser Partner schulden darf, ist nicht begrenzt.
op-limit-change = Einen Rahmen ändern
op-limit-hint = Es zählt, was berechnet ist und was noch nicht, abzüglich der Zahlungen. Ein Einkauf, der den Rahmen übersteigt, wird abgelehnt; Verlängerungen und Laufendes gehen weiter.
op-limit-amount = Darf schulden, etwa 50000 (leer: unbegrenzt)
op-limit-saved = Der Rahmen ist gespeichert.
op-limit-currency-wrong = Nennen Sie eine Währung mit drei Buchstaben, etwa EUR.
op-limit-amount-wrong = Nennen Sie einen Betrag wie 50000 oder 50000.00, oder nichts.
op-late = Bei Verzug
op-late-none = Der Partner darf kaufen, auch wenn Rechnungen überfällig sind.
op-late-is = { $count ->
    [0] Der Partner darf nicht kaufen, solange eine Rechnung überfällig ist.
    [one] Der Partner darf nicht kaufen, solange eine Rechnung mehr als einen Tag überfällig ist.
   *[other] Der Partner darf nicht kaufen, solange eine Rechnung mehr als { $count } Tage überfällig ist.
}
op-late-change = Folgen ändern
op-late-hint = Was läuft, läuft weiter, verlängert sich und wird storniert wie immer. Eine Zahlung macht das Kaufen sofort wieder möglich.
op-late-days = Keine Käufe nach so vielen Tagen (leer: nie)
op-late-wrong = Geben Sie ganze Tage bis { $most } an, oder nichts.
op-late-saved = Die Folgen bei Verzug wurden geändert.
op-rules-refunds = Reservierungen zurückgeben
op-caps = Wie viel an einen Kunden zurückkommen darf
op-caps-hint = Vor Abzug einer Gebühr; was getauscht wird, zählt nicht. In einer Währung ohne Zeile wird nichts zurückgegeben, ohne Sie zu fragen.
op-cap = { $most } in { $months } Monaten
op-cap-from = ab
op-cap-set = Betrag festlegen
op-cap-currency = Währung
op-cap-most = Betrag
op-cap-months = Monate
op-cap-from-day = Erster Tag
op-cap-wrong = Nennen Sie eine Währung wie EUR, einen Betrag wie 45000, ganze Monate und einen Tag.
op-caps-saved = Der Betrag wurde gespeichert.
op-plan = Änderung planen
op-plan-hint = Eine Regel gilt ab einem kommenden Tag für das, was ab dann gekauft oder ausgestellt wird. Bis dieser Tag beginnt, kann sie zurückgenommen werden.
op-plan-preview = Was das ändern würde
op-plan-about = Was
op-plan-from = Ab
op-plan-until = bis die Regel vom { $day } übernimmt
op-plan-change = Vorher und nachher
op-plan-nothing-before = Was vor dem { $day } gekauft oder ausgestellt wurde, bleibt, wie es ist. Eine Laufzeit, die sich ab diesem Tag verlängert, richtet sich nach ihrem eigenen Tag.
op-plan-put-down = Regel speichern
op-plan-look = Zeigen, was sich ändert
op-plan-unit = Gezählt in
op-plan-days = Tagen
op-plan-hours = Stunden
op-plan-link-days = Lebensdauer in Tagen
op-plan-age = Gezählt ab
op-plan-from-issue = Ausstellung
op-plan-from-first = Erstem Download
op-plan-downloads = Downloads: { $most }
op-plan-downloads-hint = Leer lassen für beliebig viele.
op-plan-day-wrong = Wählen Sie einen Tag nach heute (UTC).
op-plan-done = Die Regel ist festgehalten. Sie gilt ab ihrem Tag.
op-plan-coming = Kommende Regeln
op-plan-take-back = Zurücknehmen
op-plan-taken-back = Die Regel wurde zurückgenommen.
op-plan-credit-wrong = Unbefristete Software hat keine ungenutzten Tage: Ihre Gutschrift ist vollständig.
