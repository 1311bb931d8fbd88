# Leaves children behind, checks the codes of its own, and ends once no process is a zombie, which the first process of
# the container has to see to.
for code in 1 2 3 4 5; do
    (true &)
    sh -c "(true &); exit $code"
    [ $? = $code ] || exit 99
done
while grep -qs ') Z' /proc/[0-9]*/stat; do :; done
echo reaped
exit 6
