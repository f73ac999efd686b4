/*
 * Stands in for the static programs that an operator adds to the image of the guide's light compose
 * file; which one it is, its name says. curl answers as a beacon node does, jq takes .data.root out
 * of that, and helios prints its arguments, each on a line of its own.
 */
#include <stdio.h>
#include <string.h>

#define ROOT "\"root\":\""

int main(int count, char **arguments) {
  const char *slash = strrchr(arguments[0], '/');
  const char *name = slash ? slash + 1 : arguments[0];
  char text[4096];
  if (strcmp(name, "curl") == 0) {
    printf("{\"finalized\":true,\"data\":{" ROOT "0x%064d\"}}\n", 7);
  } else if (strcmp(name, "jq") == 0) {
    text[fread(text, 1, sizeof text - 1, stdin)] = 0;
    const char *root = strstr(text, ROOT);
    if (!root) {
      return 1;
    }
    root += strlen(ROOT);
    printf("%.*s\n", (int) strcspn(root, "\""), root);
  } else {
    for (int i = 0; i < count; i++) {
      puts(i ? arguments[i] : name);
    }
  }
  return 0;
}
