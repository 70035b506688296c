# The page of the activity log.
log-lead = Wer Product Keys geöffnet und Software heruntergeladen hat und was sonst für Kunden getan wurde.
log-lead-own = Wer die Product Keys Ihres Unternehmens geöffnet und seine Software heruntergeladen hat.
log-sealed = { $count ->
    [one] { $count } Eintrag ist versiegelt und kann von Außenstehenden überprüft werden.
   *[other] { $count } Einträge sind versiegelt und können von Außenstehenden überprüft werden.
}
log-checkpoint = Der neueste signierte Prüfpunkt ist vom { $at }.
log-broken = Das Protokoll ist nicht vollständig.
log-broken-next = Einträge fehlen, oder andere stehen an ihrer Stelle. Bewahren Sie vorhandene Exporte auf und prüfen Sie einen mit <code>chandlery audit verify</code>.
log-from = Von (UTC)
log-to = Bis (UTC)
log-time = Datum und Uhrzeit
log-customer = Betroffener Kunde
log-action = Aktion
log-user = Benutzer
log-partner-user = Benutzer des Partners
log-company = Name des Kunden enthält
log-none = Zu dieser Auswahl gibt es in diesem Zeitraum keine Einträge.
log-older = Ältere Einträge
log-export-csv = Als CSV exportieren
log-export-lines = Zum Überprüfen exportieren
log-of-line = { $label } (Position { $number })
log-customer-person = Jemand beim Kunden
log-program = Programm { $name }
log-erased = Eine gelöschte Person
log-subject = ID
log-address = Adresse
log-request = Anfrage-ID
log-number = Nummer im Protokoll
log-resource = Betrifft
log-was = (vorher: { $old })
log-by-link-of = Über einen Link von { $name }
log-by-link = Über einen Downloadlink
