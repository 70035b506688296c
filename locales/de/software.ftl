# Software that was bought: keys, downloads and links.
problem = Problem:
portal-billing = Abrechnung
submit = Absenden
close = Schließen
copied = Kopiert
not-copied = Kopieren nicht möglich: Markieren Sie den Text, und kopieren Sie ihn von Hand
download = Herunterladen
manifest = Manifest
manifest-signature = Signatur
software-none = Es wurde noch keine Software gekauft. Was gekauft ist, steht hier mit seinen Schlüsseln und Downloads.
software-lead = Öffnen Sie ein Produkt, um seine Schlüssel und Downloads abzurufen.
software-quantity = Menge: { $count }
software-open = Schlüssel und Downloads
software-runs-until = Läuft bis
software-given-back = Zurückgegeben
software-cancelled-at = storniert am { $at }
software-was-cancelled = Der Kauf wurde storniert. Schlüssel und Downloads sind nicht mehr verfügbar, und die Links gelten nicht mehr.
software-term-over = Die Laufzeit ist zu Ende, und mit ihr Schlüssel und Downloads. Kaufen Sie das Produkt neu, um es weiter zu nutzen.
software-waits = Die Bestellung wartet auf Product Keys. Sobald sie da sind, geht es von selbst weiter; Sie müssen nichts tun.
software-nothing-yet = Für dieses Produkt gibt es noch keine Schlüssel oder Downloads.
software-who-partner = Schlüssel und Downloads sind Administrator-Agenten vorbehalten.
software-who-customer = Schlüssel und Downloads sind dem Globalen Administrator Ihres Unternehmens vorbehalten.
software-select = Produkt auswählen
software-version = Version
software-language = Sprache
software-bits = Bitanzahl
software-type = Dateityp/Betriebssystem
software-get = Schlüssel und Downloads abrufen
software-gone = Das gibt es nicht mehr. Wählen Sie neu.
software-key-only = Zu diesem Produkt gehört nur ein Schlüssel; es gibt nichts herunterzuladen.
software-no-such = Für diese Auswahl gibt es keinen Download.
software-there-is = Es gibt: { $list }.
software-guide = So gehen Sie sicher mit Schlüsseln und Downloads um
guide-address = /help/keys-and-downloads
key-title-short = Product Key
key-title = Product Key, Version { $version }
key-opened = Der Schlüssel wurde geöffnet; das steht im Aktivitätsprotokoll.
key-give-partner = Wer ihn kennt, kann seine Aktivierungen aufbrauchen: Geben Sie ihn nur dem Kunden, und auf einem Weg, auf dem sonst niemand mitliest.
key-give-customer = Wer ihn kennt, kann seine Aktivierungen aufbrauchen: Geben Sie ihn nur denen, die die Software installieren.
key-no-mail = Von hier aus wird er nie per E-Mail verschickt.
key-show = Schlüssel anzeigen
key-copy = Schlüssel kopieren
key-get = Schlüssel abrufen
key-reason = Grund
key-reason-optional = Grund (optional)
key-reason-asked = Der Betreiber verlangt einen Grund, wenn ein Schlüssel geöffnet wird.
key-activations = { $count ->
    [one] Er erlaubt { $count } Aktivierung.
   *[other] Er erlaubt { $count } Aktivierungen.
}
key-activations-unlimited = Seine Aktivierungen sind nicht begrenzt.
key-asked = Eine zweite Person wurde gefragt.
key-asked-next = Ein anderer Administrator-Agent Ihres Unternehmens stimmt innerhalb von 24 Stunden unter <a href="/key-approvals">Freigaben</a> zu. Wählen Sie dann noch einmal „Schlüssel abrufen“; die Zustimmung gilt einen Tag.
link-title-short = Downloadlink
link-title = Downloadlink für { $file }
link-label = Der Link
link-copy = Link kopieren
link-again = Neu ausstellen
link-until = Er gilt bis { $until }
link-days = { $count ->
    [one] Er gilt { $count } Tag ab dem ersten Download
   *[other] Er gilt { $count } Tage ab dem ersten Download
}
link-most = { $count ->
    [one] und für { $count } Download, je nachdem, was zuerst endet.
   *[other] und für { $count } Downloads, je nachdem, was zuerst endet.
}
link-days-after = { $count ->
    [one] { $count } Tag nach dem ersten Download
   *[other] { $count } Tage nach dem ersten Download
}
link-of = { $used } von { $max }
link-risks = Wer den Link hat, kann damit ohne Anmeldung herunterladen, und jeder Download zählt. Senden Sie ihn nur der Person, die ihn braucht. Er zeigt keinen Schlüssel. Wird der Kauf storniert, gilt er sofort nicht mehr. Er wird nur dieses eine Mal angezeigt; einen neuen können Sie jederzeit erstellen.
links-title = Downloadlinks
link-file = Datei
link-issued = Erstellt am
link-ends = Endet
link-downloads = Downloads
