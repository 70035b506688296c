# Gespeicherte Wörter, wie man sie liest.

# Welche Art von Ware: wie sie im Satz steht.
family-subscription = Softwareabonnements
family-perpetual = unbefristete Software
family-reservation = Azure-Reservierungen
family-linux-plan = SUSE- und Red-Hat-Pläne

# Dasselbe als Bezeichnung für ein Stück.
family-one-subscription = Softwareabonnement
family-one-perpetual = Unbefristete Software
family-one-reservation = Azure-Reservierung
family-one-linux-plan = SUSE- oder Red-Hat-Plan

# Für wen ein Artikel bestimmt ist.
segment-commercial = Gewerblich
segment-education = Bildung
segment-government = Behörden
segment-nonprofit = Gemeinnützig

# Wie lange ein Kauf läuft.
term-onetime = Unbefristet
term-p1m = 1 Monat
term-p1y = 1 Jahr
term-p3y = 3 Jahre
term-p5y = 5 Jahre

# Wie oft ein Kauf abgerechnet wird.
cycle-onetime = Einmalig
cycle-monthly = Monatlich
cycle-annual = Jährlich
cycle-triennial = Alle drei Jahre

# Wie es um eine Bestellung steht.
order-status-pending = Ausstehend
order-status-completed = Abgeschlossen
order-status-cancelled = Storniert

# Wie es um eine Position steht.
line-state-pending = Wartet auf Schlüssel
line-state-fulfilled = Aktiv
line-state-ended = Beendet
line-state-cancelled = Storniert

# Wie es um ein Abonnement steht.
subscription-status-active = Aktiv
subscription-status-deleted = Storniert
subscription-status-expired = Abgelaufen

# Warum etwas geschuldet wird.
charge-new = Kauf
charge-cyclecharge = Weiterer Abrechnungszeitraum
charge-renew = Verlängerung
charge-cancelimmediate = Stornierung

# Wie es um einen Product Key steht.
key-state-assigned = Noch nicht geöffnet
key-state-revealed = Geöffnet
key-state-revoked = Widerrufen

# Wie es um einen Downloadlink steht.
link-standing-live = Gültig
link-standing-expired = Abgelaufen
link-standing-used-up = Aufgebraucht
link-standing-revoked = Widerrufen

# Als was ein Kunde geprüft wurde.
qualification-none = Gewöhnliche Firma
qualification-education = Schule oder Hochschule
qualification-nonprofit = Gemeinnützige Organisation
qualification-government-cloud = Behördencloud
qualification-state-owned = Staatliches Unternehmen

# Für welches Betriebssystem eine Datei ist.
platform-windows = Windows
platform-linux = Linux
platform-macos = macOS
platform-any = Jedes System

# Für welche Prozessoren eine Datei ist.
bits-32 = 32 Bit
bits-64 = 64 Bit
bits-arm64 = ARM64

# Wer es getan hat.
side-partner = Partner
side-customer = Kunde
side-operator = Betreiber
