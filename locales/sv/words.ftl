# Lagrade ord, så som man läser dem.

# Vilken sorts vara: så som den står i en mening.
family-subscription = programvaruprenumerationer
family-perpetual = permanent programvara
family-reservation = Azure-reservationer
family-linux-plan = SUSE- och Red Hat-planer

# Samma sak som etikett för en.
family-one-subscription = Programvaruprenumeration
family-one-perpetual = Permanent programvara
family-one-reservation = Azure-reservation
family-one-linux-plan = SUSE- eller Red Hat-plan

# Vem en artikel är till för.
segment-commercial = Kommersiell
segment-education = Utbildning
segment-government = Myndigheter
segment-nonprofit = Ideell

# Hur länge ett köp löper.
term-onetime = Permanent
term-p1m = 1 månad
term-p1y = 1 år
term-p3y = 3 år
term-p5y = 5 år

# Hur ofta ett köp faktureras.
cycle-onetime = En gång
cycle-monthly = Varje månad
cycle-annual = Varje år
cycle-triennial = Vart tredje år

# Hur det står till med en order.
order-status-pending = Väntar
order-status-completed = Slutförd
order-status-cancelled = Annullerad

# Hur det står till med en rad.
line-state-pending = Väntar på nycklar
line-state-fulfilled = Aktiv
line-state-ended = Avslutad
line-state-cancelled = Annullerad

# Hur det står till med en prenumeration.
subscription-status-active = Aktiv
subscription-status-deleted = Annullerad
subscription-status-expired = Utgången

# Varför något ska betalas.
charge-new = Köp
charge-cyclecharge = Ytterligare period
charge-renew = Förnyelse
charge-cancelimmediate = Annullering

# Hur det står till med en produktnyckel.
key-state-assigned = Inte öppnad än
key-state-revealed = Öppnad
key-state-revoked = Återkallad

# Hur det står till med en nedladdningslänk.
link-standing-live = Giltig
link-standing-expired = Utgången
link-standing-used-up = Förbrukad
link-standing-revoked = Återkallad

# Vad en kund har granskats som.
qualification-none = Vanligt företag
qualification-education = Skola eller högskola
qualification-nonprofit = Ideell organisation
qualification-government-cloud = Myndighetsmoln
qualification-state-owned = Statligt ägt företag

# Vilket operativsystem en fil är till för.
platform-windows = Windows
platform-linux = Linux
platform-macos = macOS
platform-any = Alla system

# Vilka processorer en fil är till för.
bits-32 = 32 bitar
bits-64 = 64 bitar
bits-arm64 = ARM64

# Vem som gjorde det.
side-partner = Partner
side-customer = Kund
side-operator = Operatör
