package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"containr.io/guest-init/internal/state"
)

const reservedAhead = 4096

// reservation is a durable upper bound of the numbers in use. Lines are not synced one by one, so a power failure may lose the
// newest ones although the agent has them; their numbers must not be given again. After a reboot of the host numbering
// therefore goes on at the bound; within one boot the files are to be trusted.
type reservation struct {
	path  string
	boot  string
	bound uint64
	stale bool // made in another boot
}

func openReservation(dir string) (reservation, error) {
	r := reservation{path: filepath.Join(dir, "reserved"), boot: bootID()}
	data, err := os.ReadFile(r.path)
	if errors.Is(err, os.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	var boot string
	if _, err := fmt.Sscan(string(data), &r.bound, &boot); err != nil {
		return r, fmt.Errorf("%s is damaged: %w", r.path, err)
	}
	r.stale = boot != r.boot || boot == unknownBoot
	return r, nil
}

func (r *reservation) firstUnused(next uint64) uint64 {
	if r.stale && r.bound > next {
		next = r.bound
	}
	r.bound = 0 // write a new one, of this boot, before the first line
	return next
}

// cover makes sure that number lies below the stored bound.
func (r *reservation) cover(number uint64) error {
	if number < r.bound {
		return nil
	}
	bound := number + reservedAhead
	if err := state.WriteDurably(r.path, []byte(fmt.Sprintf("%d %s\n", bound, r.boot))); err != nil {
		return err
	}
	r.bound = bound
	return nil
}

const unknownBoot = "unknown"

func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || len(id) == 0 {
		return unknownBoot
	}
	return strings.TrimSpace(string(id))
}
