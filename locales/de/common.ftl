# Words many pages share.
any = Alle
save = Speichern
done = Fertig
more = Mehr
remove = Entfernen
cancel = Stornieren
buy = Kaufen
leave-it = Abbrechen
product = Produkt
quantity = Menge
unit-price = Einzelpreis
amount = Betrag
total = Summe
order-number = Bestellnummer
order-date = Bestelldatum
state-of-it = Status
first-name = Vorname
last-name = Nachname
e-mail = E-Mail
email-optional = E-Mail (optional)
phone = Telefon
phone-optional = Telefon (optional)
address-line1 = Straße und Hausnummer
address-line2 = Adresszusatz (optional)
postal-code = Postleitzahl
city = Ort
state = Bundesland oder Provinz (optional)
days-left = Verbleibende Tage
window-closes = Stornierbar bis
days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
stale = Jemand hat das inzwischen geändert. Unten steht der jetzige Stand; ändern Sie ihn noch einmal, falls es noch nötig ist.
tax-included = Preis inklusive Steuer ({ $market })
tax-excluded = Preis ohne Steuer

# What is wrong with a field.
field-required = Füllen Sie dieses Feld aus.
field-choose = Treffen Sie eine Auswahl.
field-too-long = Hier sind höchstens { $max } Zeichen möglich.
field-control = Darin sind Zeichen, die sich nicht anzeigen lassen. Geben Sie es neu ein.
field-mail = Geben Sie eine E-Mail-Adresse an, zum Beispiel ada@example.com.
field-count = Geben Sie eine ganze Zahl von { $least } bis { $most } an.
field-range = { $least } bis { $most }
field-summary = { $count ->
    [one] Sehen Sie sich ein Feld noch einmal an:
   *[other] Sehen Sie sich { $count } Felder noch einmal an:
}
sieve = Filter
upload-sending = Die Dateien werden gesendet
stale-differences = Was abweicht
stale-field = Feld
stale-typed = Ihre Eingabe
stale-now = Steht jetzt da
upload-broken = Die Dateien sind nicht angekommen. Nichts wurde gespeichert; senden Sie das Formular noch einmal.
frame-typed-back = Sie mussten sich neu anmelden, deshalb wurde nichts gespeichert. Was Sie eingegeben haben, steht hier wieder: Prüfen Sie es und senden Sie es noch einmal.
upload-signed-out = Sie wurden inzwischen abgemeldet. Nichts wurde gespeichert, und was Sie eingegeben haben, steht noch hier: Melden Sie sich in einem anderen Tab an und senden Sie das Formular dann noch einmal.
