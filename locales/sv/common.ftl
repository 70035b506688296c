# Words many pages share.
any = Alla
save = Spara
done = Klar
more = Fler
remove = Ta bort
cancel = Annullera
buy = Köp
leave-it = Avbryt
product = Produkt
quantity = Antal
unit-price = Styckpris
amount = Belopp
total = Summa
order-number = Ordernummer
order-date = Orderdatum
state-of-it = Status
first-name = Förnamn
last-name = Efternamn
e-mail = E-post
email-optional = E-post (valfritt)
phone = Telefon
phone-optional = Telefon (valfritt)
address-line1 = Gata och nummer
address-line2 = Andra adressrad (valfritt)
postal-code = Postnummer
city = Ort
state = Delstat eller provins (valfritt)
days-left = Dagar kvar
window-closes = Kan annulleras till
days = { $count ->
    [one] { $count } dag
   *[other] { $count } dagar
}
stale = Någon ändrade detta under tiden. Nedan står det som gäller nu; ändra igen om det fortfarande behövs.
tax-included = Priset inkluderar skatt ({ $market })
tax-excluded = Pris exklusive skatt

# What is wrong with a field.
field-required = Fyll i det här.
field-choose = Välj något.
field-too-long = Här får det vara högst { $max } tecken.
field-control = Här finns tecken som inte kan visas. Skriv in det på nytt.
field-mail = Ange en e-postadress, till exempel ada@example.com.
field-count = Ange ett heltal från { $least } till { $most }.
field-range = { $least } till { $most }
field-summary = { $count ->
    [one] Titta på ett fält igen:
   *[other] Titta på { $count } fält igen:
}
sieve = Filter
upload-sending = Filerna skickas
stale-differences = Vad som skiljer sig
stale-field = Fält
stale-typed = Du skrev
stale-now = Står där nu
upload-broken = Filerna kom inte fram. Inget har sparats; skicka formuläret igen.
frame-typed-back = Du behövde logga in igen och därför sparades inget. Det du skrev står här igen: se över det och skicka det en gång till.
upload-signed-out = Du har loggats ut under tiden. Inget har sparats, och det du skrev står kvar här: logga in på en annan flik och skicka sedan formuläret igen.
