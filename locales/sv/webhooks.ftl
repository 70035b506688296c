# Webhooks: var en partners program får veta något, och hur anropen gick.

webhook-title = Webhooks
webhook-lead = Ett program hos er får veta genom ett anrop när något händer med det ni säljer, och behöver inte fråga.
webhook-registration = Ert program
webhook-url = Adress
webhook-url-hint = En adress på internet som börjar med https://. Anrop skickas dit med POST.
webhook-events = Vad det får veta
webhook-event-test-created = Ett test som ni begär.
webhook-event-subscription-updated = En prenumeration har bytt namn, förnyats eller annullerats, eller så har dess förnyelse ändrats eller givits upp.
webhook-event-invoice-ready = En faktura eller en kreditnota har utfärdats.
webhook-event-order-completed = En order har levererats: nycklar och prenumerationer finns på plats.
webhook-event-order-cancelled = En order har annullerats, helt eller delvis.
webhook-own-header = Signatur i HTTP-huvudet x-ms-signature
webhook-own-header-hint = Annars står den i HTTP-huvudet Authorization. Kryssa för detta om något på vägen behöver det huvudet för egen del.
webhook-remove = Ta bort registreringen
webhook-remove-text = Ert program får inte veta något mer, och det som väntar skickas inte. Tidigare anrop finns kvar i listan en tid.
webhook-remove-do = Ta bort
webhook-calls = Anrop
webhook-calls-hint = Ett anrop räknas som mottaget när ert program svarar med en status från 200 till 299 inom 30 sekunder. Annars görs det om, sammanlagt upp till tio försök på drygt ett dygn.
webhook-test = Skicka ett test
webhook-all = Visa alla anrop
webhook-only-failed = Visa bara de som gavs upp
webhook-none = Inga anrop.
webhook-older = Äldre anrop
webhook-next = Nästa försök:
webhook-again = Skicka igen
webhook-attempts = { $count ->
    [one] { $count } försök
   *[other] { $count } försök
}
webhook-answered = svar { $status }
webhook-unanswered = inget svar: { $why }
webhook-state-waiting = Väntar
webhook-state-delivered = Mottaget
webhook-state-failed = Gavs upp
webhook-done-saved = Sparat.
webhook-done-removed = Borttaget.
webhook-done-tested = Testet är på väg. Det står i listan nedan.
webhook-done-again = Anropet skickas igen.
