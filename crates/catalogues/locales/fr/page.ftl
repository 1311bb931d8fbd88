# Français

# Same as in English.
app-name = mirrord
title = Moniteur de sessions
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = édition inconnue
license-until = jusqu’au { $date }
license-expired = expirée le { $date }
upgrade = Passer à Teams
opens-new-tab = Ouvre un nouvel onglet
all-sessions = mirrord, toutes les sessions
connecting = Connexion
syncing = Synchronisation
live = En direct
retrying = Nouvel essai dans { $seconds } s
retrying-now = Nouvel essai
signed-out = Déconnecté
retry-now = Réessayer maintenant
sessions-count = { $count ->
    [one] { $count } session
    [many] { $count } de sessions
   *[other] { $count } sessions
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } perdu
    [many] { $count } perdus
   *[other] { $count } perdus
}
dropped-hint = Événements perdus entre une session et cette page
preferences = Préférences
theme = Thème
theme-is = Thème : { $theme }
theme-system = Système
theme-light = Clair
theme-dark = Sombre
density = Densité
density-compact = Compacte
density-comfortable = Aérée
times = Temps
times-absolute = Heure
times-relative = Il y a…
times-since-start = Depuis le début
language = Langue
language-of-browser = Celle du navigateur
single-keys = Raccourcis à une touche
show-env-values = Afficher les valeurs des variables
notify = Notifier la fin d’une session
notify-blocked = Le navigateur bloque les notifications de cette page : les autoriser dans ses réglages.
notify-insecure = Les notifications exigent https, ou le navigateur de cette machine.
notify-missing = Ce navigateur n’a pas de notifications.
notify-many = { $count ->
    [one] { $count } session terminée
    [many] { $count } de sessions terminées
   *[other] { $count } sessions terminées
}
skip = Aller au contenu
# Same as in English.
sessions = Sessions
filter-sessions = Filtrer les sessions
group-live = actives
group-unresponsive = ne répondent pas
group-ended = terminées
none-matches = Aucune session ne correspond.
more-sessions = { $count ->
    [one] { $count } autre session non affichée
    [many] { $count } d’autres sessions non affichées
   *[other] { $count } autres sessions non affichées
}
no-command = (commande inconnue)
targetless = sans cible
processes = { $count ->
    [one] { $count } processus
    [many] { $count } de processus
   *[other] { $count } processus
}
status-live = active
status-unresponsive = ne répond pas
status-ended = terminée
row-started = démarré
row-ended = terminé
ended-ago = il y a { $time }
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
# Same as in English.
hours = { $number } h
days = { $number } j
empty-title = Aucune session en cours
empty-text = Lancez votre programme avec mirrord : il apparaît ici aussitôt :
empty-foot = Les sessions d’un mirrord publié sont trouvées aussi.
loading-title = Recherche de sessions…
loading-sessions = Un instant.
unreachable-title = mirrord ui ne répond pas
unreachable-text = Il a peut-être été arrêté. Relancez-le et cette page reviendra :
signed-out-title = Vous êtes déconnecté
signed-out-text = Il faut le lien avec le jeton du mirrord ui en cours. Affichez-le avec :
signed-out-foot = Ouvrez ensuite ce lien dans ce navigateur.
try-again = Réessayer
stopped-title = Cette page s’est arrêtée
stopped-text = Une erreur s’y est produite. Les sessions continuent : rechargez la page pour les voir. Le rapport aide à corriger l’erreur.
reload = Recharger
copy-report = Copier le rapport
copy = Copier
copied = Copié
copy-table = Copier comme texte
printed-part = Seul ce qui était visible est imprimé. Pour tout avoir, sur la page : { $action }
copy-failed = Sélectionnez et copiez à la main
copy-id = Copier l’identifiant
copy-json = Copier le JSON
gone-title = Cette session n’est pas ici
gone-text = Elle s’est terminée avant le démarrage de mirrord ui, a été écartée, ou le lien vient d’une autre machine.
back-to-list = Toutes les sessions
views = Vues de la session
tab-events = Événements
tab-files = Fichiers
tab-network = Réseau
# Same as in English.
tab-ports = Ports
tab-environment = Environnement
tab-processes = Processus
# Same as in English.
tab-config = Config
tab-stats = Statistiques
kind-file = fichiers
# Same as in English.
kind-dns = dns
kind-connect = connexions
# Same as in English.
kind-port = ports
kind-request = requêtes
# Same as in English.
kind-env = env
kind-process = processus
kind-other = autres
one-file = fichier
# Same as in English.
one-dns = dns
one-connect = connexion
# Same as in English.
one-port = port
one-request = requête
# Same as in English.
one-env = env
one-process = processus
one-other = autre
filter-kinds = Types d’événements
chip-hint = Clic : afficher ou masquer, Alt+clic : afficher seul
search = Mots, champ:valeur, /regex/
search-label = Rechercher dans les événements
bad-pattern = Motif non valide
# Same as in English.
pause = Pause
resume = Reprendre
# Same as in English.
plus-waiting = +{ $count }
clear = Effacer
clear-hint = Vide ce journal. Les compteurs restent.
log-label = Événements de la session
log-loading = Récupération de ce qui précède…
log-failed = Ce qui précède n’a pas pu être récupéré.
log-empty = Rien pour l’instant. Les événements apparaissent ici pendant que le programme tourne.
log-empty-ended = Rien n’est conservé de cette session.
log-cleared = Effacé. Les nouveaux événements apparaissent ici.
log-cleared-ended = Effacé.
undo-clear = Annuler l’effacement
requests-not-seen = Les requêtes ne sont pas visibles dans cette session : elle ne sert aucun port d’une cible.
nothing-seen = Rien de tel n’a été vu avant la fin de la session.
before-start = avant le début : { $count }
ended-broken = son mirrord a été tué
held-here = mirrord ui ne la connaît plus ; cette page garde ce qu’elle a vu
stale-foot = Pas de connexion
stale-since = Tout ce qui suit date de { $time }.
stale-signed-out = mirrord ui a été relancé. Affichez son lien et ouvrez-le dans ce navigateur.
blocked-title = mirrord ui refuse cette adresse
blocked-text = Un proxy change l’en-tête Host. Lancez mirrord ui en lui donnant le nom de cette page :
socket-title = La connexion en direct ne s’ouvre pas
socket-text = Les requêtes passent, le WebSocket /ws non : quelque chose le bloque en route. Laissez-y passer les WebSockets.
no-cookies-text = Ce navigateur ne garde pas de cookies ici. Affichez le lien avec le jeton :
no-cookies-foot = Puis ouvrez-le avec #token= au lieu de ?token=.
incomplete = Incomplet : ce qui passe par { $means } n’est pas vu
log-no-match = Aucun événement ne correspond au filtre.
clear-filter = Tout afficher
log-searching = Recherche…
missed-lost = { $count ->
    [one] { $count } événement n’est pas arrivé ici
    [many] { $count } d’événements ne sont pas arrivés ici
   *[other] { $count } événements ne sont pas arrivés ici
}
missed-withheld = { $count ->
    [one] { $count } événement signalé par un simple nombre
    [many] { $count } d’événements signalés par un simple nombre
   *[other] { $count } événements signalés par un simple nombre
}
missed-older = { $count ->
    [one] { $count } événement antérieur n’est pas conservé ici
    [many] { $count } d’événements antérieurs ne sont pas conservés ici
   *[other] { $count } événements antérieurs ne sont pas conservés ici
}
following = Suivi · le plus récent en bas
not-following = Suivi arrêté
paused = En pause · { $count } en attente
ended-foot = Terminée
jump = Aller au plus récent
shown = { $shown } sur { $total } affichés
ring-dropped = { $count } anciens abandonnés
histogram = Événements dans le temps
histogram-says = { $count } événements au plus en { $time }
remote = distant
# Same as in English.
local = local
not-found = introuvable
detail = Événement
close = Fermer
field-path = chemin
field-operation = opération
field-host = hôte
field-address = adresse
# Same as in English.
field-port = port
field-protocol = protocole
# Same as in English.
field-mode = mode
field-filter = filtre
field-method = méthode
# Same as in English.
field-variables = variables
field-command = commande
# Same as in English.
field-parent = parent
field-process = processus
field-time = heure
field-routing = routage
field-rule = décidé par
into-session = à { $time }
show-values = Afficher les valeurs
hide-values = Masquer les valeurs
keys-title = Raccourcis clavier
keys-hint = ? touches
keys-anywhere = Partout
keys-session = Dans une session
keys-log = Dans le journal
key-neighbours = Session précédente, suivante
key-theme = Thème suivant
key-move = Ligne suivante, précédente
key-details = Détails de la ligne
key-pause = Suspendre ou reprendre
palette = Rechercher ou aller à
palette-placeholder = Rechercher ou aller à…
palette-found = { $count ->
    [one] { $count } entrée
    [many] { $count } d’entrées
   *[other] { $count } entrées
}
palette-nothing = Rien ne porte ce nom.
palette-searching = Recherche dans toutes les sessions…
palette-partial = Il peut y en avoir plus : en saisir davantage.
palette-failed = Impossible de chercher dans les sessions.
palette-not-kept = n’est plus conservé
# Same as in English.
actions = Action
search-view = Filtrer ce tableau
no-row-matches = Rien ne correspond au filtre. Effacez-le pour tout voir.
covers-all = Compté depuis le début de la session
covers-some = Compté sur { $count } événements
column-operations = opérations
column-first = première
column-last = dernière
# Same as in English.
column-destination = destination
column-name = nom
column-connections = connexions
column-led-to = a mené à
column-lookups = résolutions
column-since = depuis
column-arrived = reçu
column-requests = requêtes
column-value = valeur
column-fetched = récupérée
# Same as in English.
column-pid = pid
column-ended = fin
tab-summary = Résumé
worth-a-look = À regarder
nothing-stands-out = Rien de remarquable pour l’instant.
nothing-stood-out = Rien de remarquable.
show-rows = Lignes
found-died = { $command } s’est terminé par { $signal }.
found-bind-failed = Impossible d’écouter sur le port { $port }.
found-refused = Les connexions à { $destination } échouent.
found-not-followed = { $name } a été demandé, aucune connexion n’a suivi.
found-no-answer = { $destination } ne répond pas.
found-again = { $path } est cherché sans cesse, en vain.
found-denied = L’ouverture de { $path } est refusée.
found-nowhere = { $name } a été cherché et n’est nulle part.
found-unreached = Aucune connexion n’a atteint le port { $port }.
places-count = { $count ->
    [one] { $count } endroit
    [many] { $count } d’endroits
   *[other] { $count } endroits
}
files-looked-for = Fichiers cherchés
processes-died = Processus morts
column-where = où
column-result = résultat
column-times = fois
column-traffic = reçu / émis
column-listens = écoute sur
column-came = arrivées
answer-found = trouvé
answer-written = écrit
answer-denied = accès refusé
answer-connected = connecté
answer-failed = échec
answer-pending = sans réponse
never = jamais
died-of = terminé par { $signal }
ended-with = code de sortie { $code }
not-listening = écoute impossible
loopback-only = boucle locale seule
ipv6-only = IPv6 seul
failures = { $count } en échec
failed-only = Échecs seulement
with-children = Avec ses enfants
follow-process = Suivre { $process }
followed = Seulement { $process } et ses enfants, dans chaque vue
all-processes = Tous les processus
column-folder = dossier
no-connection-since = aucune connexion depuis { $time }
held-by = occupé par { $process }
listens-no-more = n’écoute plus
listeners = En écoute
column-remark = remarque
as-tree = Arbre
not-found-count = { $count } introuvables
paths-count = { $count ->
    [one] { $count } chemin
    [many] { $count } de chemins
   *[other] { $count } chemins
}
files-inside = { $count } à l’intérieur
all-paths = Tous les chemins
files-written = Écrits
found-in-place = trouvé à l’emplacement { $place } sur { $total }
looked-for-in = Où { $name } a été cherché
path-story = Ce qui est arrivé à ce chemin
outcome-over-time = Résultat au fil du temps
show-all = Tout afficher ({ $number })
show-fewer = Afficher moins
files-empty = Aucun fichier touché pour l’instant. Les chemins apparaissent ici quand le programme y accède.
more-events = { $count ->
    [one] { $count } événement d’autres, faute de place
    [many] { $count } d’événements d’autres, faute de place
   *[other] { $count } événements d’autres, faute de place
}
destinations = Connexions
destinations-empty = Aucune connexion sortante pour l’instant. Les destinations apparaissent ici dès que le programme se connecte.
lookups = Noms demandés
lookups-empty = Aucune requête DNS pour l’instant. Les noms apparaissent ici dès que le programme en résout un.
column-duration = durée
open-now = ouverte
unix-sockets = Sockets Unix
no-connection = sans connexion ensuite
sure-likely = probable
sure-perhaps = peut-être
sure-note = Le nom d’une adresse est déduit : le même processus l’a demandé jusqu’à 5 s avant la connexion. Probable : le seul. Peut-être : le dernier de plusieurs.
ports-empty = Aucun port souscrit. Les ports apparaissent ici quand le programme écoute et que la session les sert.
port-nothing = Souscrit, rien reçu en { $time }
port-nothing-yet = Souscrit, rien reçu pour l’instant
port-not-watched = Port local : ce qui y arrive n’est pas observé
all-ports-together = { " " }· tous ports confondus, car une requête n’indique pas le sien
requests-count = { $count ->
    [one] { $count } requête
    [many] { $count } de requêtes
   *[other] { $count } requêtes
}
the-last = la dernière { $time }
requests = Requêtes reçues
requests-empty = Aucune requête pour l’instant. Envoyez-en une à la cible ; si le filtre l’accepte, elle apparaît ici.
environment-empty = Aucune variable récupérée. Elles apparaissent ici quand la session récupère l’environnement de la cible.
variables-count = { $count ->
    [one] { $count } variable
    [many] { $count } de variables
   *[other] { $count } variables
}
value-unknown = seul le nom est connu
show-all-values = Afficher toutes les valeurs
hidden-note = Masqué veut dire hors de vue : un clic affiche la valeur. Les programmes ayant accès à l’API de ce mirrord ui la voient, un téléphone jamais.
processes-empty = Aucun processus connu pour l’instant. Ils apparaissent ici à leur démarrage dans la session.
running-count = { $count ->
    [one] { $count } actif
    [many] { $count } actifs
   *[other] { $count } actifs
}
more-processes = { $count ->
    [one] { $count } autre non conservé
    [many] { $count } autres non conservés
   *[other] { $count } autres non conservés
}
still-runs = actif
ran-for = a duré { $time }
config-asked = Demande de la configuration à la session…
config-failed = La configuration n’a pas pu être récupérée.
config-none = Cette session n’a pas de fichier de configuration. Avec mirrord exec -f mirrord.json, ses règles apparaissent ici.
config-no-text = La session nomme le fichier, mais ne dit pas ce qu’il contient.
decided-count = { $count ->
    [one] a décidé { $count } événement
    [many] a décidé { $count } d’événements
   *[other] a décidé { $count } événements
}
default-rules = Règles que le fichier ne nomme pas
default-rules-note = Actives par défaut. En nommer une dans le fichier la remplace.
what-if = Et si
what-if-hint = Modifier la configuration et voir ce qu’elle changerait dans cette exécution
what-if-loading = Chargement de l’évaluateur et des événements de cette exécution…
what-if-failed = Impossible de charger l’évaluateur ou les événements.
what-if-label = Configuration à essayer
what-if-decided = Événements décidés à nouveau : { $count }
what-if-range = événements { $first } à { $last }
what-if-problems = Erreurs : { $count }. Rien n’est décidé tant qu’elles subsistent.
what-if-at = ligne { $line }, colonne { $column }
what-if-resolved = Le texte d’un fichier JSON n’est pas connu ici : voici la configuration telle qu’elle a été comprise.
what-if-none = Cette exécution n’avait pas de configuration : elle est comparée aux valeurs par défaut de mirrord.
what-if-variables = Variables qui primaient sur le fichier et ne sont pas dans ce texte : { $names }
what-changes = Ce qui change
changes-before = avant
changes-after = après
what-if-same = Décidés comme avant : { $count }
what-if-omitted = Et d’autres : { $count }
what-if-missing = Faits manquants, connus seulement du cluster ou de la machine
what-if-unhooked = Appels que mirrord ne voit jamais : { $count }
# Same as in English.
suggestions = Suggestions
suggestions-note = Tirées de cette exécution seule. Une modification est fusionnée dans la configuration.
suggestions-variables = Des variables d’environnement priment sur le fichier : aucune modification n’est suggérée.
suggestion-try = Essayer dans « Et si »
suggestion-rows = Opérations : { $count }
suggestion-changed = Décidées autrement : { $count }
suggestion-unchanged = Ne change rien dans cette exécution
suggestion-excluded-variable = Exclue, et sa valeur locale a été utilisée
suggestion-uncovered-destination = Dans aucune entrée du filtre
suggestion-looks-remote = Cherché ici en vain ; peut-être dans le cluster
suggestion-looks-local = Semble local et serait lu dans le cluster
suggestion-exists-locally = Existe ici et serait lu dans le cluster
suggestion-aws-mapped = Déplacé ailleurs par défaut
suggestion-unused-port = Serait abonné, et rien n’est arrivé
suggestion-unused-rule = N’a rien décidé dans cette exécution
nothing-redirected = Rien n’a été redirigé : le routage montre où irait chaque opération avec cette configuration.
never-matched = jamais atteinte
depends = dépend
unhooked-static = non interceptée : programme statique
unhooked-loader = non interceptée : par le chargeur
download = Télécharger
figure-total = événements
figure-rate = débit actuel
figure-peak = seconde la plus chargée
figure-lost = perdus en route
figure-withheld = signalés par un nombre
figure-older = avant le plus ancien conservé
figure-given-up = abandonnés par le journal de cette page
routing-unknown = non indiqué par cette session
events-count = { $count ->
    [one] { $count } événement
    [many] { $count } d’événements
   *[other] { $count } événements
}
chart-hint = Survolez le graphique, ou sélectionnez-le et utilisez les flèches.
each-bar = Une barre vaut { $time }
as-table = Le graphique en tableau
top-paths = Chemins les plus touchés
top-hosts = Noms les plus demandés
only-like = Uniquement ceux-ci
hide-like = Masquer ceux-ci
any-process = Tout processus
any-routing = Tout routage
filter-process = Filtrer par processus
filter-routing = Filtrer par routage
export = Exporter
export-hint = Enregistre les lignes affichées, sans les valeurs masquées
more-characters = { $count ->
    [one] … { $count } caractère de plus ; la copie a tout
    [many] … { $count } de caractères de plus ; la copie a tout
   *[other] … { $count } caractères de plus ; la copie a tout
}
no-namespace = sans namespace
no-key = sans clé
overview = Toutes les sessions
group-by = Grouper
sort-by = Trier
by-status = État
by-target = Cible
# Same as in English.
by-namespace = Namespace
by-key = Clé
by-nothing = Aucun
sort-newest = Plus récentes
sort-name = Nom
sort-rate = Débit
sort-events = Événements
sort-own = Ordre personnel
column-status = état
# Same as in English.
column-session = session
column-processes = processus
# Same as in English.
column-ports = ports
column-rate = débit
column-routing = routage
column-events = événements
column-age = âge
routing-mock = simulé
routing-error = erreur
choose-session = Choisir { $session }
chosen-count = { $count ->
    [one] { $count } choisie
    [many] { $count } choisies
   *[other] { $count } choisies
}
show-together = Afficher ensemble
at-most-together = Un journal contient { $count } sessions au plus.
clear-chosen = Tout désélectionner
move-session = Déplacer { $session } : flèche haut, flèche bas
moved-to = { $session } : place { $place }
menu-of = Actions pour { $session }
details = Détails
pin = Épingler
unpin = Désépingler
move-up = Monter
move-down = Descendre
pinned-word = épinglée
open-on-desktop = ouverte sur l’ordinateur
key-label = Clé, pour grouper
copy-socket = Copier le chemin du socket
end-ask = Terminer…
end-title = Terminer cette session ?
end-text = Cela termine la commande et tous les processus qu’elle a lancés :
end-force = On leur demande de s’arrêter ; après 5 s, on les y force.
end-released = Un mirrord publié ne termine d’ici que sa propre API de session, pas son programme. Terminez ses processus :
end-no-process = Aucun de ses processus n’est connu.
end-now = { $count ->
    [one] Terminer { $count } processus
    [many] Terminer { $count } de processus
   *[other] Terminer { $count } processus
}
end-session = Terminer la session
cancel = Annuler
ending = Arrêt en cours…
has-ended = Elle est terminée.
still-ending = Demande acceptée, mais la session n’est pas terminée après 10 s. Elle essaie encore.
end-failed = Elle n’a pas pu être terminée.
dismiss = Écarter
dismiss-all = { $count ->
    [one] Écarter { $count } terminée
    [many] Écarter { $count } de terminées
   *[other] Écarter les { $count } terminées
}
dismiss-failed = Elle n’a pas pu être écartée.
rename = Renommer…
rename-title = Nommer cette session
rename-label = Nom
rename-text = Affiché partout où figure la session. Vide, c’est le nom avec lequel elle a démarré, ou sa commande.
rename-save = Enregistrer le nom
audit-named-session = session nommée
show-more = { $count ->
    [one] Afficher { $count } de plus
    [many] Afficher { $count } de plus
   *[other] Afficher { $count } de plus
}
together = { $count ->
    [one] { $count } session ensemble
    [many] { $count } de sessions ensemble
   *[other] { $count } sessions ensemble
}
legend = Sessions de ce journal
of-session = { $session } : { $text }
not-here = pas ici
key-choose = Choisir la session qui a le focus
keys-overview = Dans la vue d’ensemble
mirror-title = Afficher sur votre téléphone
mirror-heading = Vos sessions sur votre téléphone
mirror-lead = La même page, en direct, sur un appareil de votre réseau, sans valeurs secrètes.
mirror-settings = Paramètres
mirror-off = Désactivé
mirror-on = Activé, personne n’est connecté
mirror-connected = { $count ->
    [one] { $count } connecté
    [many] { $count } connectés
   *[other] { $count } connectés
}
mirror-waiting = Injoignable pour l’instant
mirror-failed = N’a pas pu démarrer
mirror-local = Cette machine
mirror-network = Réseau
mirror-user = Nom d’utilisateur
mirror-password = Mot de passe
mirror-from-settings = celui des paramètres
mirror-from-environment = celui de l’environnement
mirror-for-this-run = pour cette exécution
mirror-connected-now = connecté maintenant
mirror-no-answer = Pas de réponse. mirrord ui tourne-t-il encore ?
mirror-pair-title = Associer un téléphone
mirror-pair-text = Scannez le code avec le téléphone. Il admet un appareil, une fois, pendant cinq minutes.
mirror-pair-off = Activez d’abord le miroir.
mirror-pair = Afficher un code
mirror-new-code = Nouveau code
mirror-code = Code QR de l’adresse ci-contre
mirror-time-left = Valable encore { $time }
mirror-too-old = Ce code a expiré. Créez-en un autre.
mirror-used-by = Utilisé par { $device }
mirror-copy-address = Copier l’adresse
mirror-devices = Appareils
mirror-no-devices = Aucun appareil n’est connecté.
mirror-device-name = Nom de l’appareil
mirror-viewer = lecture seule
mirror-controller = peut terminer des sessions
mirror-grant = Autoriser à terminer des sessions…
mirror-take-back = Lecture seule
mirror-revoke = Révoquer…
mirror-revoke-all = Révoquer tous les appareils…
mirror-seen = vu { $time }
mirror-signed-in = connecté { $time }
mirror-expires = reconnexion dans { $time }
mirror-grant-ask = Autoriser « { $device } » à terminer des sessions ?
mirror-grant-text = Qui le détient pourra terminer toute session et ses processus, et nommer les sessions, mais pas voir les valeurs secrètes.
mirror-grant-go = Autoriser à terminer des sessions
mirror-revoke-ask = Révoquer « { $device } » ?
mirror-revoke-all-ask = Révoquer tous les appareils ?
mirror-revoke-text = Il est déconnecté aussitôt. Changez le mot de passe si quelqu’un ne doit pas l’avoir.
mirror-revoke-go = Révoquer
mirror-networks = Interface réseau
mirror-everywhere = Tous les réseaux
mirror-not-here = { $device } · absent pour l’instant
# Same as in English.
mirror-port = Port
mirror-port-hint = 1 à 65535
mirror-port-wrong = Un nombre entre 1 et 65535.
mirror-user-hint = Vide : celui de l’environnement ou mirrord.
mirror-password-hint = 8 à 256 caractères, jamais affiché. Les appareils connectés le restent.
mirror-password-wrong = Il doit avoir 8 à 256 caractères.
mirror-password-set = Défini ; saisissez-en un autre
mirror-password-none = Aléatoire ; saisissez le vôtre
mirror-password-go = Définir
mirror-password-random = Revenir à un mot de passe aléatoire
mirror-tls = Chiffrement
mirror-tls-off = Désactivé
mirror-tls-private = Autorité privée
mirror-tls-own = Certificat personnel
mirror-tls-off-hint = Quiconque partage le réseau peut tout lire.
mirror-tls-private-hint = Créée sur cette machine ; le téléphone doit l’accepter une fois.
mirror-tls-own-hint = Chemins absolus de deux fichiers PEM.
mirror-tls-go = Utiliser ce certificat
mirror-certificate = Certificat
mirror-key = Clé
mirror-trust = L’accepter sur un téléphone
mirror-trust-open = Ouvrez ceci sur le téléphone, malgré l’avertissement :
mirror-trust-compare = Comparez cette empreinte ; si elle diffère, arrêtez :
mirror-trust-install = Installez le certificat comme l’indique cette page.
mirror-trust-download = Télécharger le certificat
mirror-names = Autres noms
mirror-names-hint = Autres noms d’hôte de cette machine, séparés par des virgules.
mirror-auto-start = Démarrer avec mirrord ui
mirror-mdns = Annoncer le nom et le port sur le réseau
mirror-command-lines = Montrer aux appareils les lignes de commande entières, mots de passe compris
mirror-audit = Ce qui s’est passé
mirror-audit-text = Le plus récent d’abord, sans secrets.
mirror-audit-empty = Rien pour l’instant.
mirror-banner = Miroir de { $machine } · lecture seule
mirror-banner-ends = Miroir de { $machine } · peut terminer des sessions
mirror-sign-out = Se déconnecter
mirror-sign-in = Se connecter
mirror-turned-out-title = Cet appareil est déconnecté
mirror-turned-out = Il a été révoqué ou déconnecté, ou ses 30 jours sont écoulés. Reconnectez-vous.
mirror-turned-out-foot = Ou scannez un nouveau code sur l’ordinateur.
mirror-elsewhere-title = Les paramètres sont sur l’ordinateur
mirror-elsewhere = Ouvrez mirrord ui sur la machine elle-même.
mirror-values = Les valeurs restent sur l’ordinateur ; un appareil ne reçoit que les noms.
audit-started = à l’écoute
audit-stopped = arrêté
audit-failed = n’a pas pu écouter
audit-signed-in = connecté
audit-sign-in-failed = connexion refusée
audit-throttled = mis en attente
audit-ticket-made = code créé
audit-paired = associé
audit-pairing-failed = code refusé
audit-signed-out = déconnecté
audit-revoked = révoqué
audit-device-changed = appareil modifié
audit-refused = refusé
audit-ended-session = session terminée
audit-settings-changed = paramètres modifiés

search-any-column = une des colonnes
search-has = { $column } contient { $value }
search-is = { $column } est { $value }
search-like = { $column } est comme { $value }
search-matches = { $column } correspond à { $value }
search-descends = processus { $process } ou un processus qu’il a lancé
search-present = { $column } est connu
search-and = { $first }, et { $second }
search-or = { $first }, ou { $second }
search-not = pas : { $what }
search-no-field = Il n’y a pas de champ { $name }
search-did-you-mean = { $problem } ; vouliez-vous dire { $name } ?
search-no-value = { $field }: n’a pas de valeur { $value }
search-not-number = { $field }: attend un nombre ou un intervalle, et { $value } n’en est pas un
search-not-time = { $value } n’est pas une heure
search-unfinished = Pas encore terminé : { $part }
search-no-group = Cette ) n’a pas de (
search-too-much = Trop pour un seul filtre
field-direction = sens
field-size = taille
field-name = nom
match-place = { $place } sur { $total }
match-next = Résultat suivant
match-previous = Résultat précédent
key-matches = Résultat suivant ou précédent
saved-filters = Filtres enregistrés
save-filter = Enregistrer ce filtre
filter-name = Nom
delete-filter = Supprimer { $name }
apply-filter = Filtrer par { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Depuis la ligne précédente
# Same as in English.
outcome-ok = ok
outcome-denied = accès refusé
outcome-connected = connecté
outcome-failed = échec
outcome-pending = en attente
exit-code = code { $code }
operation-lookup = résolution
bytes-in = { $bytes } reçus
bytes-out = { $bytes } envoyés
repeats = ×{ $count } en { $time }
fold-repeats = Replier les répétitions
columns = Colonnes
# Same as in English.
column-type = type
column-what = quoi
column-outcome = résultat
around = ±1 s autour
all-times = Toute la durée
copy-path = Copier le chemin ou l’adresse
copy-row = Copier la ligne
copy-command = Copier comme commande
row-absent = L’événement #{ $row } de ce lien n’est pas conservé ici.
histogram-scale = Les hauteurs sont des racines carrées
timeline-hint = Faire glisser pour choisir une période ; au clavier : flèches, Maj et flèches, Échap
failed-count = { $count ->
   [one] { $count } échec
   [many] { $count } échecs
  *[other] { $count } échecs
}
remove-term = Retirer : { $term }
play = Lire
moments = Moments de l’enregistrement
moment-event = événement { $event } sur { $total }
whole-record = Enregistrement entier
speed = Vitesse
comparison = Comparaison
compare = Comparer
swap = Intervertir
compare-again = Comparer à nouveau
nothing-differs = Aucune différence.
names-alike = Identiques : { $count }
not-compared = Événements d’autres noms, non comparés : { $count }
only-first = seulement dans la première
only-second = seulement dans la seconde
changed-between = différent
other-value = une autre valeur
just-seen = vu
show-its-events = Afficher ses événements
drop-record = Déposez ici des enregistrements pour les ouvrir
opening-record = Ouverture de { $name }…
not-opened = { $name } n’a pas été ouvert : { $reason }
open-record = Ouvrir un enregistrement…
history-title = Historique
record = Enregistrer
stop-recording = Arrêter l’enregistrement
record-hint = Conserve la session dans un fichier sur cette machine
save-record = Sauvegarder
save-record-hint = Sauvegarde ce qui est conservé de la session comme enregistrement, qui s’ouvre en le déposant sur cette page
recording-to = Enregistrement dans { $file }
recording-ended = { $file } : l’enregistrement est terminé : { $reason }
history-lead = Sessions terminées, conservées comme enregistrements sur cette machine, sans les valeurs des variables.
keep-history = Conserver les sessions qui se terminent
search-history = Chercher dans l’historique
history-off = Les sessions ne sont pas conservées. Activez pour les retrouver ici après leur fin.
history-empty = Rien n’est encore conservé. Les sessions apparaissent ici une fois terminées.
history-bytes = { $bytes } sur { $limit }
history-days = jours au plus : { $count }
delete = Supprimer
delete-for-good = Supprimer définitivement ?
end-group = Tout terminer
end-group-sure = Terminer les { $count } ?
otlp-sent = { $sent } envoyés à { $endpoint }
