# The first page, the search, and the portal's own pages.
home-hello = Guten Tag, { $name }
home-buy = Kunden auswählen, für den Sie kaufen
home-closing = Ablaufende Stornofristen
home-closing-none = Innerhalb von zwei Wochen läuft keine Stornofrist ab.
home-waiting = Bestellungen, die auf Schlüssel warten
home-waiting-none = Keine Bestellung wartet auf Product Keys.
home-ending = Endende Laufzeiten
home-ending-none = Innerhalb von 30 Tagen endet oder verlängert sich kein Abonnement.
home-unsealed = Mehr als { $count } Einträge des Aktivitätsprotokolls warten auf ihre Versiegelung. Sagen Sie dem Betreiber Bescheid, wenn das so bleibt.
home-adding-up = Die Zahlen werden gerade zusammengerechnet. Sie stehen hier, wenn Sie gleich wiederkommen.
home-chart = Käufe und Gutschriften nach Monat, in { $currency }
home-bought = Gekauft
home-back = Gutgeschrieben
home-table = Als Tabelle und nach Produktfamilie
home-month = Monat
found-orders = Bestellungen
found-type-more = Geben Sie mindestens zwei Buchstaben eines Firmen- oder Domänennamens oder eines Produkttitels, eine Microsoft-ID oder den Anfang einer Bestellnummer ein.
found-nothing = Zu „{ $text }“ wurde nichts gefunden.
home-chart-part = { $family }, { $amount }
home-answered = Antworten des Supports
home-answered-none = Alle Antworten auf Ihre Anfragen sind gelesen.
found-products = Produkte zum Kaufen
portal-agreement = Kundenvereinbarung
portal-agreement-lead = Ihr Unternehmen nimmt die Kundenvereinbarung einmal an, bevor sein Partner etwas für es kaufen kann.
portal-agreement-accepted = Angenommen von { $who } am { $date }.
portal-agreement-box = Ich nehme die Kundenvereinbarung für mein Unternehmen an.
portal-agreement-accept = Annehmen
portal-agreement-tick = Haken Sie das Kästchen an, um die Vereinbarung anzunehmen.
portal-agreement-done = Die Vereinbarung ist angenommen.

# The partner's own company.
company-name = Firmenname
company-id = Partner-ID
company-programme = Programm-ID
company-currency = Abrechnungswährung
company-regions = Verkaufsregionen
company-active = Darf handeln
company-inactive = Darf derzeit nicht handeln
company-hint = Diese Angaben ändert der Betreiber. Stellen Sie eine Supportanfrage, wenn sich etwas ändern soll.

# What a house is called and coloured.
way-look = Name und Farben
brand-lead = Ihre Kunden sehen diesen Namen und diese Farbe in ihrem Portal. Wo Sie nichts wählen, sehen sie die des Betreibers.
brand-lead-operator = Alle, die sich hier anmelden, sehen diesen Namen und diese Farbe. Die Kunden eines Partners sehen, was der Partner gewählt hat, falls er etwas gewählt hat.
brand-name = Angezeigter Name
brand-colour = Farbe von Links und Schaltflächen
brand-colour-hint = Sechs Stellen, zum Beispiel #0b5a7a; leer für die übliche. Wo sie schwer zu lesen wäre, wird der nächste lesbare Ton gezeigt.
brand-colour-wrong = Geben Sie eine Farbe mit sechs Stellen an, zum Beispiel #0b5a7a.
brand-pick = Farbe auswählen
brand-preview = So sieht es aus
brand-preview-link = Ein Link
brand-preview-button = Eine Schaltfläche
brand-saved = Name und Farbe wurden gespeichert.
home-webhooks-given-up = Aufrufe an Ihr Programm wurden aufgegeben. Sehen Sie nach, warum, und senden Sie sie noch einmal.
