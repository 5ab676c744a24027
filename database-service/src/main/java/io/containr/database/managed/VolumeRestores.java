package io.containr.database.managed;

import io.containr.contracts.ids.BackupId;
import io.containr.contracts.ids.ServiceId;

/** Who has volumes made of backups, once it is certain that their archives are whole. */
public interface VolumeRestores {

    /** In the current transaction; answered by {@link Recoveries#begin} or {@link Recoveries#refuse}. */
    void order(BackupId backup, ServiceId volume);
}
