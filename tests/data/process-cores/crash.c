#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <pthread.h>
static void *wait_here(void *p) { for (;;) pause(); return p; }
int main(int argc, char **argv) {
  pthread_t t; pthread_create(&t, 0, wait_here, 0); usleep(100000);
  if (argc > 1 && !strcmp(argv[1], "abort")) abort();
  if (argc > 1 && !strcmp(argv[1], "fpe")) { volatile int z = 0; return 1 / z; }
  if (argc > 1 && !strcmp(argv[1], "pause")) pause();
  *(volatile int *)0x1234 = 1;
  return 0;
}
