-- Durcissement d'une base PostgreSQL : ce que le rôle de l'application peut, et ce qu'il voit.
--
-- Passé par le propriétaire des tables (`garant durcir-postgres`), d'un bloc, après chaque mise à jour ; peut se
-- repasser. « {role} » est le rôle qui sert le site. Il ne possède rien, ne crée rien, et ne récrit aucune preuve.

GRANT USAGE ON SCHEMA public TO {role};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};

-- La preuve s'ajoute ; elle ne se change ni ne s'efface.
REVOKE UPDATE, DELETE ON journal, contenu, piece, acte, sceau, sceau_tete FROM {role};
REVOKE INSERT, UPDATE, DELETE ON migration FROM {role};

-- La purge d'un contenu est le seul changement permis : ces colonnes, et seulement vers « purgé » (politiques ci-dessous).
GRANT UPDATE (sel, json, purge_le) ON contenu TO {role};
GRANT UPDATE (octets, purge_le) ON piece TO {role};

-- Chaque ligne est d'un centre. Garant dit à chaque ordre de quel centre il s'agit (« garant.centre ») ; « * » est
-- réservé à ce qui précède la connexion d'une personne et à l'exploitation. Qui ne dit rien ne voit rien.
DO $garant$
DECLARE
  t record;
  sien text;
  purgee text;
BEGIN
  FOR t IN
    SELECT c.relname AS nom,
           bool_or(a.attname = 'centre') AS par_centre
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname IN ('centre', 'flux')
    GROUP BY c.relname
    ORDER BY c.relname
  LOOP
    sien := format('current_setting(''garant.centre'', true) IN (''*'', %s)',
                   CASE WHEN t.par_centre THEN 'centre' ELSE 'split_part(flux, ''/'', 1)' END);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t.nom);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t.nom);
    EXECUTE format('DROP POLICY IF EXISTS garant_centre ON public.%I', t.nom);
    EXECUTE format('DROP POLICY IF EXISTS garant_lire ON public.%I', t.nom);
    EXECUTE format('DROP POLICY IF EXISTS garant_ajouter ON public.%I', t.nom);
    EXECUTE format('DROP POLICY IF EXISTS garant_purger ON public.%I', t.nom);
    purgee := CASE t.nom
      WHEN 'contenu' THEN 'json IS NULL AND sel IS NULL AND purge_le IS NOT NULL'
      WHEN 'piece' THEN 'octets IS NULL AND purge_le IS NOT NULL'
    END;
    IF purgee IS NULL THEN
      EXECUTE format('CREATE POLICY garant_centre ON public.%I USING (%s) WITH CHECK (%s)', t.nom, sien, sien);
    ELSE
      EXECUTE format('CREATE POLICY garant_lire ON public.%I FOR SELECT USING (%s)', t.nom, sien);
      EXECUTE format('CREATE POLICY garant_ajouter ON public.%I FOR INSERT WITH CHECK (%s)', t.nom, sien);
      EXECUTE format('CREATE POLICY garant_purger ON public.%I FOR UPDATE USING (%s AND purge_le IS NULL) WITH CHECK (%s AND %s)',
                     t.nom, sien, sien, purgee);
    END IF;
  END LOOP;
END
$garant$;
