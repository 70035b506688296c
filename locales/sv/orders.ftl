# Orders, cancelling, subscriptions and the renewal calendar.
orders-billing = Fakturering
orders-none-found = Ingen order har det numret eller den faktureringen.
order-title = Order { $number }
order-id = Order-id
order-po-number = Kundens ordernummer
order-lines = Orderns rader
order-happened = Vad som hände
order-charges = Debiteringar och krediteringar
charge-number = Nummer
charge-kind = Avser
charge-booked = Bokförd
charge-balance = Saldo
tax-in-it = inklusive skatt
tax-not-in-it = exklusive skatt
terms-none = Kan inte annulleras härifrån.
terms-over = Kunde annulleras till { $closed }.
terms-open = Kan annulleras till { $until }.
event-placed = Order lagd
event-provisioned = { $title }: levererad
event-cancelled = { $title }: annullerad
event-key-assigned = { $title }: nyckel för version { $version } tilldelad
event-key-revealed = { $title }: nyckel för version { $version } öppnad för första gången
event-key-revoked = { $title }: nyckel för version { $version } återkallad
event-link = { $title }: nedladdningslänk skapad
event-link-revoked = { $title }: nedladdningslänk återkallad
event-downloaded = { $count ->
    [one] { $title }: första nedladdningen med den här länken ({ $count } hittills)
   *[other] { $title }: första nedladdningen med den här länken ({ $count } hittills)
}
event-credited = { $amount } krediterat
credit-full = 100 % av { $unit } × { $quantity } = { $amount }
credit-policy = Regel: { $family }, i kraft sedan { $from }.
credit-prorated = { $unit } / { $whole } dagar × { $part } oanvända dagar = { $exact }, avkortat till { $cut }; × { $quantity } = { $amount }
credit-number = Kreditering nummer { $number }

# The dialog that cancels.
cancel-title = Annullera { $title }
cancel-have-ready = Vad det gäller
cancel-order-history = Order-id:n och detaljer finns i orderhistoriken.
cancel-lines = Rader att annullera
cancel-show = Visa den här ordern
cancel-more-information = Behöver du mer information?
cancel-support-request = Skapa ett supportärende för kunden
cancel-exception = Gäller något annat här? Skapa ett supportärende för kunden.
cancel-days-left = { $days } kvar att annullera den här ordern.
cancel-credit = Kreditering
cancel-credit-total = Kreditering totalt
cancel-next-invoice = Krediteringen kommer på nästa månadsfaktura, den för { $month }, eller på en kreditnota som kommer med den. Ingen avgift tas ut för att avsluta i förtid.
cancel-important = Viktigt:
cancel-important-text = När köpet annulleras återkallas alla dess produktnycklar och nedladdningslänkar direkt, för dig och för kunden. Du och kunden måste sluta använda programvaran, avinstallera den och radera alla nedladdningar och länkar.
cancel-acknowledge = Jag har läst meddelandet ”Viktigt”; vi och kunden gör som det står där.
cancel-keep = Behåll köpet
cancel-tick-first = Kryssa i att du har läst meddelandet ”Viktigt” och välj sedan ”Skicka”.
cancel-credit-changed = Krediteringen är en annan nu, för att en dag har gått eller något i ordern har ändrats. Nedan står vad den är nu.
cancel-waits-for = Ärende { $number } från { $name }, skapat { $at }, är inte avgjort än.
cancel-withdraw-lead = Dra tillbaka det, så kan ordern annulleras som om ingen hade frågat. Ärendet stängs och den som skapade det får veta det.
cancel-withdraw = Dra tillbaka ärendet
cancelled-title = Köpet är annullerat
cancelled-lead = Order { $order } har annullerats.
cancelled-effects = Nycklar och nedladdningslänkar har återkallats. Artikeln står kvar under ”Programvara”, utan sin nyckel.
cancelled-delay = Det syns överallt direkt; andra system kan behöva upp till 15 minuter.

# Subscriptions and their renewal.
subscriptions-none = Det finns ingen prenumeration än.
subscription-saved = Prenumerationen har sparats.
subscription-name = Namn
subscription-name-wrong = Ge prenumerationen ett namn på högst 256 tecken.
subscription-term = Löptid och fakturering
subscription-period = Löper
subscription-renewal = Därefter
subscription-renews = Förnyas automatiskt
subscription-ends = Upphör
subscription-order = Gå till ordern
subscription-change = Ändra namn eller förnyelse
subscription-auto-renew = Förnya automatiskt när löptiden är slut
renewals-title = Förnyelsekalender
renewals-none = Ingen löptid går ut inom ett år.
renewals-day = Sista dag
renewals-feed = Kalenderflöde
renewals-feed-lead = Ett kalenderprogram kan visa de här dagarna: ge det en egen adress som ingen annan känner till.
renewals-feed-make = Skapa en adress
renewals-feed-again = Skapa en annan adress (den förra slutar gälla)
renewals-feed-made = Lägg in adressen i ditt kalenderprogram. Den visas bara den här gången. Den som har den kan läsa kalendern.
renewals-feed-address = Adress
renewals-feed-copy = Kopiera adressen
renewals-renews = Förnyas: { $title } ({ $quantity }), { $customer }
renewals-ends = Upphör: { $title } ({ $quantity }), { $customer }
