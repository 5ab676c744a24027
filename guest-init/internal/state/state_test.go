package state

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"containr.io/guest-init/internal/wire"
)

func saved() *Saved {
	return &Saved{Instance: "i-1", Session: "s-1", Spec: wire.Spec{
		Argv: []string{"/app"}, Env: []wire.EnvVar{{Name: "A", Value: []byte{1, '\n', 255}}},
	}}
}

func TestWhatIsStoredIsLoaded(t *testing.T) {
	dir := t.TempDir()
	if none, err := Load(dir, "i-1"); none != nil || err != nil {
		t.Fatalf("from an empty directory: %v, %v", none, err)
	}
	if err := saved().Store(dir); err != nil {
		t.Fatal(err)
	}
	got, err := Load(dir, "i-1")
	if err != nil || !reflect.DeepEqual(got, saved()) {
		t.Fatalf("got %+v, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
}

func TestADamagedFileIsAnErrorAndNotAPanic(t *testing.T) {
	for _, content := range []string{"", "{", `{"instance":"i-1"}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Load(dir, "i-1"); err == nil || got != nil {
			t.Errorf("%q: %v, %v", content, got, err)
		}
	}
}

func TestWhatAnotherInstanceLeftIsRemoved(t *testing.T) {
	dir := t.TempDir()
	if err := saved().Store(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{LogDir, RunsDir, "init"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Load(dir, "i-2"); err != nil || got != nil {
		t.Fatalf("%v, %v", got, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "init" {
		t.Fatalf("left: %v, %v", left, err)
	}
}

func TestTheDirectoryIsMadePrivate(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, ".containr"), 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err := FindDir(root)
	if err != nil || dir.Volatile {
		t.Fatalf("%+v, %v", dir, err)
	}
	info, err := os.Stat(dir.Path)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("%v, %v", info, err)
	}
}

func TestALinkInItsPlaceIsNotFollowed(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(root, ".containr")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "dev/shm"), 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err := FindDir(root)
	if err != nil || !dir.Volatile || dir.Path != filepath.Join(root, "dev/shm/.containr") {
		t.Fatalf("%+v, %v", dir, err)
	}
}

func TestWithoutAnyPlaceAllTriedAreNamed(t *testing.T) {
	root := filepath.Join(t.TempDir(), "missing")
	if dir, err := FindDir(root); err == nil {
		t.Fatalf("found %+v", dir)
	}
}
