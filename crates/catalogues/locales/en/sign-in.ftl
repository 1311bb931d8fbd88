# Texts of the pages before sign-in, in English: `{ $name }` is filled in by the page's script.

sign-in = Sign in
lead = Sign in to follow the sessions of this machine. User name and password stand on the mirror’s page on the desktop, and in the terminal of mirrord ui. Or scan the QR code that is shown there.
user = User name
password = Password
no-script = This form needs JavaScript. Reload the page, and your browser asks for user name and password itself.
pair = Pair
pairing = Pairing this device…
with-password = Sign in with a password
no-script-pair = Pairing needs JavaScript.
wrong = User name or password is wrong.
used-up = This code is used up or too old. Make a new one on the desktop.
too-many = Too many attempts. Try again in { $seconds } s.
failed = That did not work ({ $status }).
unreachable = The machine cannot be reached.
no-code = There is no code in this address. Scan it again.
trust = Trust this machine
vouches = The connection is encrypted with a certificate that a private authority on this machine made. It vouches for private addresses and names that end in .local, and for nothing else.
compare = Compare this fingerprint with the one on the mirror’s page on the desktop. Where they differ, stop here.
download = Download the certificate
iphone = iPhone and iPad: Settings, General, VPN and Device Management, install the profile; then General, About, Certificate Trust Settings, and turn it on.
android = Android: Settings, Security, Encryption and credentials, Install a certificate, CA certificate.
reload = Load this page again: the warning is gone.
take-back = To take it back, remove the certificate in the same place.
