# Pages that explain.
help-more = Read on
help-keys = How keys and downloads are handled safely
help-keys-1 = Whoever knows a product key can use up its activations. Open it only when it is needed, copy it, and send it to the customer by a way nobody else reads. It hides itself after a minute, and opening it stands in the activity log with your name.
help-keys-2 = A download link works without signing in, for whoever has it. It ends after 14 days or 50 downloads, whichever comes first, unless your operator set other limits; the page always shows what is left.
help-keys-3 = When a link is used up, choose Get keys and downloads again: there is another one, with the same life, as often as needed.
help-keys-4 = Check what was downloaded with the manifest beside it: it has the file’s SHA-256, and a signature by the operator.
help-keys-5 = The customer’s own Global admin finds the same keys and downloads in the portal, under Billing, Your products, Software. Partners do not use that door.
help-cancelling = How cancelling and the credit work
help-cancelling-1 = Software can be cancelled within its window, which counts from the day of the order in UTC. The dialog shows the time left and the credit before anything is submitted.
help-cancelling-2 = Perpetual software is credited in full. A subscription is credited for the days that were not used, the day of cancelling among them: the price of one is divided by the days of the term, multiplied by the days left, cut after the second decimal, and multiplied by the quantity.
help-cancelling-3 = The credit appears on the next monthly invoice. Keys and links end at once; you and the customer uninstall the software and delete downloads and links. Where the rules cannot decide, open a customer support request.
help-linux = SUSE and Red Hat plans
help-linux-1 = SUSE Linux and Red Hat plans cover the software on virtual machines for one or three years, paid up front. A SUSE plan covers machines of its size by a ratio; a Red Hat plan covers its own range of vCPUs only.
help-linux-2 = They can never be cancelled, exchanged or refunded, and time that is not used is lost. Choose the term and the size with care.
