-- A row in most tables of a registry at version 0001.
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO registry_info VALUES (1, 'Enontekiön kunta', '2026-03-02 09:00:00.000000');
INSERT INTO staff VALUES (1, 'kaisa', 'Kaisa Ruonala', 'coordinator', 1, NULL);
INSERT INTO policy_version VALUES (1, '{}', '2026-03-02 09:00:00.000000', 1);
INSERT INTO channel VALUES (1, 'sivut', 'Sivut', 'website', '', NULL, 1);
INSERT INTO person (id, name, name_key, age_group, deceased, capacity, contact, blocked,
    created_at, created_by)
VALUES (1, 'Áile Näkkäläjärvi', 'aile', 'adult', 0, 'ok', 'aile@example.org', 0, '2026-03-02 09:00:00.000000', 1);
INSERT INTO photo (id, sha256, path, file_name, size, format, width, height, file_artist,
    file_copyright, file_description, camera, gps_present, credit_waived, rights_removed,
    registered_at, registered_by)
VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '/kuvat/1.jpg', '1.jpg', 9, 'JPEG', 3, 2, '', '', '', '', 0, 0, 0,
    '2026-03-02 09:00:00.000000', 1);
INSERT INTO depiction VALUES (1, 1, 1, '', 'subject', 'private');
INSERT INTO consent VALUES (1, 1, 1, 1, NULL);
INSERT INTO consent_event VALUES
    ('given', '2026-03-01', '2027-03-01', 0, 'written', NULL, 'kansio 3', '2026-03-02 09:00:00.000000', 1, 1, 1, '', '', 0);
INSERT INTO consent_channel VALUES (1, 1, 'website', NULL);
INSERT INTO unclear_case VALUES
    (1, 1, 'upload', 'information', '2026-03-02', '{}', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'PE_DECEASED', '1', 1,
     1, '2026-03-02 09:00:00.000000', 1, '2026-03-02 09:00:00.000000', NULL);
INSERT INTO ruling VALUES (1, 1, 'publishable', 'Kysytty omaisilta', '2026-03-02 09:00:00.000000', 1);
INSERT INTO ledger VALUES
    (1, '2026-03-02 09:00:00.000000', 1, 'registry.created', 'registry:1', '{}', '0000000000000000000000000000000000000000000000000000000000000000', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc');
