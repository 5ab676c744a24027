// Package pidone tests guest-init where it belongs: as the real PID 1 of a container. The tests need a container engine and have
// the build tag "engine"; Maven runs them.
package pidone
