
PRAGMA page_size=4096;

BEGIN TRANSACTION;

DROP TABLE IF EXISTS entries;
CREATE TABLE entries (
    seq integer primary key,
    grp integer not null,
    type text not null,
    id text not null,
    payload text not null,
    who text not null,
    why text not null,
    valid text,
    known text,
    recorded text not null
) strict;
INSERT INTO entries VALUES(1,1,'page','bfd660070ee5ebb7fa447850a8b492add787c1def9fed8dc7f4b80806a5873bd','{"chain":[],"characters":120,"encoding":"","languages":[],"media":"","name":"a.txt","outlet":"","published":"2022-01-07","sha256":"bfd660070ee5ebb7fa447850a8b492add787c1def9fed8dc7f4b80806a5873bd","text_sha256":"6f9e26f3bdb3687292676cf6dfd8e033d444d0af38381d7545bc1beb7fcf6f79","title":"","url":""}','r1','',NULL,'2022-01-07','2026-11-21T12:00:01.000000Z');
INSERT INTO entries VALUES(2,1,'claim','a9ed5035c97f','{"actors":["csto"],"attributed_to":[],"body":null,"confidence":"explicit","date":"2022-01","date_end":null,"date_precision":"month","evidence":{"end":10,"start":0,"text":"000 word. "},"id":"a9ed5035c97f","kind":"deploy","language":"","modality":"reported","more":{"size":"2500"},"org":"csto","page":"a.txt","place":null,"retold":false,"rule":"","sha256":"bfd660070ee5ebb7fa447850a8b492add787c1def9fed8dc7f4b80806a5873bd","size":"2500","targets":["KAZ"]}','r1','','2022-01','2022-01-07','2026-11-21T12:00:01.000000Z');
INSERT INTO entries VALUES(3,2,'page','d482523e2e8c06bb8b9e0db9f959f3350f19affb2642382c012ed0389e59c799','{"chain":[],"characters":127,"encoding":"","languages":[],"media":"","name":"b.txt","outlet":"","published":"2022-01-09","sha256":"d482523e2e8c06bb8b9e0db9f959f3350f19affb2642382c012ed0389e59c799","text_sha256":"03206fc69226e55fb433637156441686f9d68910ac04b9c7e46e2db910b2b487","title":"","url":""}','r1','',NULL,'2022-01-09','2026-11-21T12:00:02.000000Z');
INSERT INTO entries VALUES(4,2,'claim','a01c903ee4be','{"actors":["csto"],"attributed_to":[],"body":null,"confidence":"explicit","date":"2022-01-06","date_end":null,"date_precision":"day","evidence":{"end":10,"start":0,"text":"000 word. "},"id":"a01c903ee4be","kind":"deploy","language":"","modality":"reported","more":{"size":"2030"},"org":"csto","page":"b.txt","place":null,"retold":false,"rule":"","sha256":"d482523e2e8c06bb8b9e0db9f959f3350f19affb2642382c012ed0389e59c799","size":"2030","targets":["KAZ"]}','r1','','2022-01-06','2022-01-09','2026-11-21T12:00:02.000000Z');
INSERT INTO entries VALUES(5,2,'claim','dec29fc6be68','{"actors":["RUS","KAZ"],"attributed_to":[],"body":null,"confidence":"explicit","date":"2022-01-08","date_end":null,"date_precision":"day","evidence":{"end":40,"start":30,"text":"003 word. "},"id":"dec29fc6be68","kind":"meet","language":"","modality":"reported","more":{},"org":"csto","page":"b.txt","place":null,"retold":false,"rule":"","sha256":"d482523e2e8c06bb8b9e0db9f959f3350f19affb2642382c012ed0389e59c799","targets":[]}','r1','','2022-01-08','2022-01-09','2026-11-21T12:00:02.000000Z');
INSERT INTO entries VALUES(6,3,'act','csto-2022-01-05-request_assistance-c04892','{"actors":["KAZ"],"body":null,"claims":[],"conflicts":[],"date":"2022-01-05","date_end":null,"date_precision":"day","forced":false,"id":"csto-2022-01-05-request_assistance-c04892","kind":"request_assistance","mark":"sourced","modality":"reported","note":"","org":"csto","origin":"person","place":null,"published":null,"recorded":"","sources":[],"targets":[]}','KAZ desk','exercise','2022-01-05',NULL,'2026-11-21T12:00:03.000000Z');
INSERT INTO entries VALUES(7,4,'correction','csto-2022-01-deploy-35a2ee','{"changes":{"size":"2500"},"claims":["a01c903ee4be","a9ed5035c97f"],"source":"b.txt"}','analyst','read again','2022-01-06',NULL,'2026-11-21T12:00:04.000000Z');
INSERT INTO entries VALUES(8,5,'retraction','csto-2022-01-05-request_assistance-c04892','{"claims":[],"of":"act","source":""}','KAZ desk','withdrawn',NULL,NULL,'2026-11-21T12:00:05.000000Z');
INSERT INTO entries VALUES(9,6,'retraction','csto-2022-01-05-request_assistance-c04892','{"claims":[],"of":"restored","source":""}','KAZ desk','',NULL,NULL,'2026-11-21T12:00:06.000000Z');
INSERT INTO entries VALUES(10,7,'split','csto-2022-01-deploy-35a2ee','{"act":"csto-2022-01-deploy-35a2ee","claims":["a01c903ee4be"],"rest":["a9ed5035c97f"]}','analyst','two waves',NULL,NULL,'2026-11-21T12:00:07.000000Z');
CREATE INDEX claims_by_page on entries (payload ->> '$.sha256') where type = 'claim';
CREATE INDEX entries_by_id on entries (type, id);
CREATE INDEX entries_by_moment on entries (recorded);
CREATE TRIGGER entries_kept before delete on entries begin select raise(abort, 'an entry is never deleted'); end;
CREATE TRIGGER entries_stay before update on entries begin select raise(abort, 'an entry is never changed'); end;
CREATE INDEX pages_by_name on entries (payload ->> '$.name') where type = 'page';

DROP TABLE IF EXISTS texts;
CREATE TABLE texts (sha256 text primary key, text blob not null) strict, without rowid;
INSERT INTO texts VALUES('bfd660070ee5ebb7fa447850a8b492add787c1def9fed8dc7f4b80806a5873bd',X'30303020776F72642E2030303120776F72642E2030303220776F72642E2030303320776F72642E2030303420776F72642E2030303520776F72642E2030303620776F72642E2030303720776F72642E2030303820776F72642E2030303920776F72642E2030313020776F72642E2030313120776F72642E20');
INSERT INTO texts VALUES('d482523e2e8c06bb8b9e0db9f959f3350f19affb2642382c012ed0389e59c799',X'30303020776F72642E2030303120776F72642E2030303220776F72642E2030303320776F72642E2030303420776F72642E2030303520776F72642E2030303620776F72642E2030303720776F72642E2030303820776F72642E2030303920776F72642E2030313020776F72642E2030313120776F72642E20D398D0BBD0B5D0BC20E4B896E7958C');
CREATE TRIGGER texts_kept before delete on texts begin select raise(abort, 'a text is never deleted'); end;
CREATE TRIGGER texts_stay before update on texts begin select raise(abort, 'a text is never changed'); end;

pragma user_version=1;
pragma application_id=1718576484;

COMMIT TRANSACTION;
