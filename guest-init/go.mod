module containr.io/guest-init

go 1.19
