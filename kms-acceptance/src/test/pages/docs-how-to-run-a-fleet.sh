# The operations listeners that the first screen shows, and the balancer's file with addresses filled in.
yours() {
  NODES=$(sed -n 's|^ *operations *\(http://127.0.0.1:[0-9]*\)/.*|\1|p' "$(tail -n 1 ~/beside)" | tr '\n' ' ')
}
