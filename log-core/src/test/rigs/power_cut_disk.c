/* A disk that loses power: an nbdkit plugin with a volatile write cache.
 *
 * Reads see every write. The platter sees a write when a flush follows it, or never: when the power
 * goes, each sector that was written since the last flush is kept or lost by chance. So
 * unflushed writes survive in part, and in any order, which is what a real disk may do.
 *
 *   SIGUSR1  cuts the power: from now on every request fails
 *   SIGUSR2  turns it on again: the disk holds what survived
 *
 * Parameters: size, seed, sector (bytes, 512 unless told; a sector is never torn). It says on stderr what a cut has done, one line each.
 */
#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREAD_MODEL NBDKIT_THREAD_MODEL_SERIALIZE_ALL_REQUESTS

struct pending {
  struct pending *next;
  uint64_t offset;
  uint32_t length;
  uint8_t data[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sigset_t power_signals;
static int64_t size;
static uint64_t seed = 1;
static uint32_t sector = 512;
static uint8_t *cached;
static uint8_t *platter;
static struct pending *first;
static struct pending **last = &first;
static bool off;
static unsigned long writes, flushes;

static uint32_t next_random(void)
{
  seed += 0x9E3779B97F4A7C15u;
  uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return (uint32_t)(mixed >> 32);
}

/* In percent. All, nothing, and anything between are all of interest. */
static uint32_t chance_to_be_kept(void)
{
  static const uint32_t special[] = {0, 100, 5, 95};
  uint32_t how = next_random() % 6;
  return how < 4 ? special[how] : next_random() % 101;
}

static void empty_cache(uint32_t chance, unsigned long *kept, unsigned long *lost)
{
  while (first) {
    struct pending *write = first;
    for (uint32_t at = 0; at < write->length;) {
      uint32_t count = sector - (write->offset + at) % sector;
      if (count > write->length - at)
        count = write->length - at;
      bool keep = chance == 100 || next_random() % 100 < chance;
      if (keep)
        memcpy(platter + write->offset + at, write->data + at, count);
      ++*(keep ? kept : lost);
      at += count;
    }
    first = write->next;
    free(write);
  }
  last = &first;
}

static void cut(void)
{
  unsigned long kept = 0, lost = 0;
  uint32_t chance = chance_to_be_kept();
  empty_cache(chance, &kept, &lost);
  off = true;
  fprintf(stderr, "power cut: %lu writes, %lu flushes, %lu sectors kept, %lu lost\n", writes,
          flushes, kept, lost);
}

static void turn_on(void)
{
  memcpy(cached, platter, size);
  writes = flushes = 0;
  off = false;
  fprintf(stderr, "power on\n");
}

static void *power_switch(void *unused)
{
  int signal_number;
  while (sigwait(&power_signals, &signal_number) == 0) {
    pthread_mutex_lock(&lock);
    if (signal_number == SIGUSR1 && !off)
      cut();
    else if (signal_number == SIGUSR2 && off)
      turn_on();
    pthread_mutex_unlock(&lock);
  }
  return unused;
}

static int disk_config(const char *key, const char *value)
{
  if (strcmp(key, "size") == 0)
    return (size = nbdkit_parse_size(value)) < 0 ? -1 : 0;
  if (strcmp(key, "seed") == 0)
    return nbdkit_parse_uint64_t("seed", value, &seed);
  if (strcmp(key, "sector") == 0)
    return nbdkit_parse_uint32_t("sector", value, &sector);
  nbdkit_error("unknown parameter %s", key);
  return -1;
}

static int disk_get_ready(void)
{
  cached = calloc(1, size);
  platter = calloc(1, size);
  if (!cached || !platter) {
    nbdkit_error("no memory for %lld bytes", (long long)size);
    return -1;
  }
  /* before any thread is started, so that all of them leave these signals to the switch */
  sigemptyset(&power_signals);
  sigaddset(&power_signals, SIGUSR1);
  sigaddset(&power_signals, SIGUSR2);
  return pthread_sigmask(SIG_BLOCK, &power_signals, NULL) ? -1 : 0;
}

static int disk_after_fork(void)
{
  pthread_t thread;
  return pthread_create(&thread, NULL, power_switch, NULL) ? -1 : 0;
}

static void *disk_open(int readonly)
{
  (void)readonly;
  return NBDKIT_HANDLE_NOT_NEEDED;
}

static int64_t disk_get_size(void *handle)
{
  (void)handle;
  return size;
}

static int disk_can_flush(void *handle)
{
  (void)handle;
  return 1;
}

/* Locks the disk; without power it is left unlocked, and the request fails. */
static bool begin(void)
{
  pthread_mutex_lock(&lock);
  if (!off)
    return true;
  pthread_mutex_unlock(&lock);
  nbdkit_set_error(EIO);
  return false;
}

static int disk_read(void *handle, void *buffer, uint32_t count, uint64_t offset, uint32_t flags)
{
  (void)handle, (void)flags;
  if (!begin())
    return -1;
  memcpy(buffer, cached + offset, count);
  pthread_mutex_unlock(&lock);
  return 0;
}

static int disk_write(void *handle, const void *buffer, uint32_t count, uint64_t offset,
                      uint32_t flags)
{
  (void)handle, (void)flags;
  struct pending *write = malloc(sizeof *write + count);
  if (!write || !begin()) {
    free(write);
    return -1;
  }
  write->next = NULL;
  write->offset = offset;
  write->length = count;
  memcpy(write->data, buffer, count);
  *last = write;
  last = &write->next;
  memcpy(cached + offset, buffer, count);
  writes++;
  pthread_mutex_unlock(&lock);
  return 0;
}

static int disk_flush(void *handle, uint32_t flags)
{
  (void)handle, (void)flags;
  unsigned long kept = 0, lost = 0;
  if (!begin())
    return -1;
  empty_cache(100, &kept, &lost);
  flushes++;
  pthread_mutex_unlock(&lock);
  return 0;
}

static struct nbdkit_plugin plugin = {
    .name = "power-cut-disk",
    .config = disk_config,
    .get_ready = disk_get_ready,
    .after_fork = disk_after_fork,
    .open = disk_open,
    .get_size = disk_get_size,
    .can_flush = disk_can_flush,
    .pread = disk_read,
    .pwrite = disk_write,
    .flush = disk_flush,
};

NBDKIT_REGISTER_PLUGIN(plugin)
