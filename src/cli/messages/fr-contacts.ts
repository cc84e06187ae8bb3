import { listNames } from '../../contacts/contact-file-error.ts';
import { REJECT_COLUMNS } from '../../contacts/reject-columns.ts';
import type { enContacts } from './en-contacts.ts';

const quoted = (names: readonly string[]): string => listNames(names, ['« ', ' »']);

export const frContacts: typeof enContacts = {
  help: {
    importContacts: {
      description: 'Importe des contacts depuis un fichier CSV ou un classeur Excel (.xlsx)',
      file: 'fichier dont la première ligne nomme les colonnes (phone, first_name … ou telephone, prenom …)',
      phoneCol: 'colonne des numéros de téléphone',
      nameCol: 'colonne du prénom et du nom réunis',
      emailCol: 'colonne des adresses e-mail',
      sheet: 'feuille du classeur, par son nom ou son numéro (par défaut : la première visible)',
      validatePhones: 'refuse les numéros incomplets au lieu de les compléter',
      skipDuplicates: 'laisse les contacts connus tels quels au lieu de les compléter',
      addTags: 'étiquettes pour tous les contacts, séparées par des virgules',
      regionFilter:
        'seulement les contacts de ces départements, p. ex. 01,2A,974, selon la colonne code_postal ou departement',
      batchSize: 'contacts enregistrés à la fois (par défaut : 1000)',
      rejected: 'écrit les lignes refusées dans ce fichier, à corriger et à importer ensuite',
      dryRun: 'fait tout, sauf enregistrer',
      verbose: 'nomme chaque contact, affiche les messages de débogage',
    },
    validateContacts: {
      description: 'Vérifie les numéros de tous les contacts ; ne change rien sans option',
      formatFrench: 'donne aux numéros la forme voulue (+33692… de La Réunion devient +262692…)',
      dedupe: "réunit les contacts dont les numéros s'avèrent être les mêmes",
      cleanInvalid:
        "supprime les contacts dont le numéro n'est jamais appelé ; ceux d'une campagne sont marqués invalides",
      dryRun: 'dit ce qui serait fait ; ne change rien',
      verbose: 'nomme chaque contact fautif, affiche les messages de débogage',
    },
  },

  departments: 'Donnez des départements séparés par des virgules, p. ex. 01,2A,974.',

  importContacts: {
    title: '📥 Importation Contacts MiniBotPanel',
    file: (name) => `Fichier : ${name}`,
    columns: (list) => `Colonnes : ${list}`,
    unread: (list) => `Non lues : ${list}`,
    checking: 'Vérification',
    progress: 'Importation',
    stored: {
      new: (line, who) => `Ligne ${line} : ${who}`,
      known: (line, who) => `Ligne ${line} : ${who}, déjà connu`,
      repeated: (line, who, firstLine) => `Ligne ${line} : ${who}, même numéro qu'à la ligne ${firstLine}`,
    },
    contact: (phone, name) => (name === '' ? phone : `${phone} (${name})`),
    rejectedLine: (line, place, reason) => `Ligne ${line} : ${place} ${reason}`,
    column: (header, value) => (value === '' ? `${header} :` : `${header} « ${value} »`),
    wholeLine: (value) => `« ${value} »`,
    moreRejected: (count) => `… et ${count} autres ; --rejected FICHIER les écrit toutes`,
    summary: '📊 Résumé :',
    total: (count) => `Total lignes : ${count}`,
    imported: (count) => `Importés : ${count}`,
    wouldImport: (count) => `Seraient importés : ${count}`,
    duplicatesCompleted: (count) => `Doublons (complétés) : ${count}`,
    duplicatesSkipped: (count) => `Doublons (laissés tels quels) : ${count}`,
    duplicatesWhere: (inFile, known) => `dont ${inFile} dans le fichier même, ${known} déjà connus`,
    rejected: (count) => `Erreurs : ${count}`,
    elsewhere: (count) => `D'autres régions, laissés de côté : ${count}`,
    opposed: (count) => `À ne pas appeler, dit le fichier (mis sur la liste d'opposition) : ${count}`,
    wouldBeOpposed: (count) =>
      `À ne pas appeler, dit le fichier (iraient sur la liste d'opposition) : ${count}`,
    repaired: (count) => `Corrigés au passage (numéro complété, e-mail invalide omis) : ${count}`,
    finished: '✅ Import terminé avec succès',
    finishedWithErrors: "Import terminé ; certaines lignes n'ont pas été importées",
    dryRunFinished: "Essai terminé : rien n'a été enregistré",
    stopped: (why, imported, duplicates) =>
      `l'import s'est arrêté (${why}) : ${imported} contacts nouveaux et ${duplicates} connus sont enregistrés. Relancez-le pour continuer`,
    howToGetRejected:
      'Pour les avoir dans un fichier, les corriger et importer celui-ci : relancez avec --rejected FICHIER.csv',
    rejectedWritten: (file) =>
      `Les lignes refusées sont dans ${file} : corrigez-les là et importez ce fichier`,
    rejectColumns: REJECT_COLUMNS.fr,
    fields: {
      phone: 'numéro de téléphone',
      firstName: 'prénom',
      lastName: 'nom',
      fullName: 'nom complet',
      company: 'société',
      email: 'e-mail',
      tags: 'étiquettes',
      status: 'statut',
      postalCode: 'code postal',
      department: 'département',
      consent: 'consentement',
      consentDate: 'consentement : date',
      consentChannel: 'consentement : canal',
      consentSource: 'consentement : preuve',
      consentWording: 'consentement : formulation',
      consentExpires: 'consentement : fin',
      contract: 'contrat',
      contractSince: 'contrat : début',
      contractUntil: 'contrat : fin',
      professional: 'ligne professionnelle',
    },
    rejections: {
      empty: 'il manque le numéro de téléphone',
      not_a_number: "n'est pas un numéro de téléphone",
      rounded_by_spreadsheet:
        'a peut-être été arrondi par un tableur : mettez la colonne au format texte, ou écrivez le numéro avec + ou 0',
      emergency: "est un numéro d'urgence",
      short_number: 'est trop court, ou un numéro court de service',
      too_many_digits: 'a trop de chiffres',
      impossible: 'est un numéro que personne ne peut avoir',
      guessed: "n'est pas écrit en entier ; il faudrait le deviner (--validate-phones)",
      not_e164: "n'est pas un numéro international",
      special_rate: 'est un numéro à tarif spécial',
      satellite: 'est un numéro satellite ou surtaxé international',
      machine: 'est un numéro de machine',
      country_not_allowed: "est d'un pays que l'on n'appelle pas d'ici",
      too_long: 'est trop long',
      too_many_tags: "a trop d'étiquettes",
      too_many_columns:
        'est de trop par rapport aux colonnes de la première ligne : manque-t-il un guillemet ?',
      unknown_status: "n'est pas un statut connu",
      consent_incomplete: 'manque : un consentement demande sa date, sa source et sa formulation',
      bad_date: "n'est pas une date : écrivez 2026-09-12 ou 12/09/2026",
      future_date: 'est dans le futur',
      not_yes_or_no: "n'est ni oui ni non",
      formula: 'est une formule : mettez sa valeur à la place',
      spreadsheet_error: 'est une erreur du tableur : mettez la valeur à la place',
      hidden_row: 'est dans une ligne que le classeur masque (un filtre ?) : affichez-la ou supprimez-la',
      no_region:
        "n'est ni un code postal ni un département : --region-filter ne peut pas dire où vit le contact",
    },
    fileMissing: (file) => `le fichier ${file} n'existe pas`,
    fileIsNoFile: (file) => `${file} n'est pas un fichier ordinaire : il est lu plus d'une fois`,
    fileUnreadable: (file) => `${file} ne peut pas être lu : vérifiez ses droits`,
    fileIsBinary: (file) =>
      `${file} n'est pas un fichier texte : exportez vos contacts en « CSV UTF-8 » et importez ce fichier`,
    fileUnwritable: (file) => `${file} ne peut pas être écrit : vérifiez le dossier et ses droits`,
    rejectedIsSource: (file) => `--rejected désigne ${file} même : donnez un autre fichier`,
    rejectedIsOther: (file) =>
      `${file} existe et n'est pas un fichier de lignes refusées : il n'est pas écrasé. Donnez un autre nom à --rejected`,
  },

  validateContacts: {
    progress: 'Vérification',
    misformed: (id, phone, correct) => `Contact ${id} : ${phone} devrait être ${correct}`,
    duplicate: (id, phone, correct, of) =>
      `Contact ${id} : ${phone} est ${correct}, que le contact ${of} a déjà`,
    invalid: (id, phone, reason) => `Contact ${id} : ${phone} ${reason}`,
    treatments: {
      misformed: { left: '', done: ' – corrigé', busy: ' – laissé : un appel est en cours' },
      duplicate: { left: '', done: ' – réuni', busy: ' – laissé : un appel est en cours' },
      invalid: { left: '', done: ' – supprimé, ou marqué invalide', busy: '' },
    },
    treatmentsIfReal: {
      misformed: { left: '', done: ' – serait corrigé', busy: '' },
      duplicate: { left: '', done: ' – serait réuni', busy: '' },
      invalid: { left: '', done: ' – serait supprimé, ou marqué invalide', busy: '' },
    },
    more: (count) => `… et ${count} autres (--verbose les nomme tous)`,
    summary: '📊 Résumé :',
    total: (count) => `Contacts : ${count}`,
    fine: (count) => `Corrects : ${count}`,
    misformedCount: (count, done) => `Mal écrits : ${count}${done === null ? '' : ` (corrigés : ${done})`}`,
    duplicateCount: (count, done) => `Doublons : ${count}${done === null ? '' : ` (réunis : ${done})`}`,
    invalidCount: (count, done) =>
      `Jamais appelés : ${count}${done === null ? '' : ` (supprimés ou marqués invalides : ${done})`}`,
    busy: (count) => `Laissés car un appel est en cours : ${count}. Relancez plus tard`,
    dryRunFinished: "Essai terminé : rien n'a été changé",
    tryFormat: '--format-french corrige les numéros mal écrits',
    tryDedupe: '--dedupe réunit les doublons',
    tryClean: '--clean-invalid supprime les contacts qui ne sont jamais appelés',
  },

  contactFile: {
    CONTACTS_EMPTY: () => 'le fichier de contacts est vide : il lui faut une ligne de noms de colonnes',
    CONTACTS_NO_ROWS: () => 'le fichier de contacts a des noms de colonnes et aucun contact en dessous',
    CONTACTS_NO_PHONE_COLUMN: ({ headers }) =>
      `le fichier de contacts n'a pas de colonne de numéros de téléphone. Sa première ligne nomme : ${quoted(headers)}. ` +
      'Appelez-en une telephone, ou désignez-la avec --phone-col',
    CONTACTS_NO_REGION_COLUMN: ({ headers }) =>
      `--region-filter demande une colonne de codes postaux ou de départements. La première ligne nomme : ${quoted(headers)}. ` +
      'Appelez-la code_postal ou departement',
    CONTACTS_NO_SUCH_COLUMN: ({ column, headers }) =>
      `le fichier de contacts n'a pas de colonne « ${column} ». Sa première ligne nomme : ${quoted(headers)}`,
    CONTACTS_DUPLICATE_HEADER: ({ header }) =>
      `le fichier de contacts a deux colonnes nommées « ${header} » : donnez-leur des noms différents, pour qu'on sache laquelle compte`,
    CONTACTS_COLUMNS: ({ count, max }) =>
      `le fichier de contacts a ${count} colonnes ; on en lit au plus ${max}. Est-ce bien un fichier de contacts ?`,
    CONTACTS_ENDLESS_LINE: ({ line }) =>
      `le fichier de contacts est illisible vers la ligne ${line} : un guillemet (") est ouvert et jamais fermé, ` +
      "ou une ligne est démesurée. Rien n'a été importé",
    CONTACTS_UNREADABLE: ({ line }) =>
      `le fichier de contacts est illisible vers la ligne ${line} : ses colonnes et ses guillemets n'ont pas de sens. ` +
      "Rien n'a été importé",
    CONTACTS_BINARY: () =>
      "le fichier de contacts n'est ni du texte ni un classeur Excel : exportez vos contacts en « CSV UTF-8 » ou en .xlsx " +
      'et importez ce fichier',
    CONTACTS_MARKUP: () =>
      'le fichier de contacts est une page web ou du XML, quel que soit son nom : ouvrez-le dans un tableur, enregistrez-le ' +
      'en .xlsx ou en « CSV UTF-8 » et importez ce fichier',
    CONTACTS_OLD_XLS: () =>
      'le fichier de contacts est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe : ouvrez-le, ' +
      'enregistrez-le en .xlsx sans mot de passe ou en « CSV UTF-8 » et importez ce fichier',
    CONTACTS_OPEN_DOCUMENT: () =>
      'le fichier de contacts est un classeur OpenDocument (.ods) : enregistrez-le en .xlsx ou en « CSV UTF-8 » et importez ce fichier',
    CONTACTS_BINARY_WORKBOOK: () =>
      'le fichier de contacts est un classeur Excel binaire (.xlsb) : enregistrez-le en .xlsx ou en « CSV UTF-8 » et importez ce fichier',
    CONTACTS_ARCHIVE: () =>
      'le fichier de contacts est une archive et non un classeur Excel : sortez-en les contacts et importez-les',
    CONTACTS_DAMAGED_WORKBOOK: ({ detail }) =>
      `le classeur est endommagé (${detail}) : ouvrez-le dans un tableur, enregistrez-le à nouveau et importez-le. ` +
      "Rien n'a été importé",
    CONTACTS_HUGE_WORKBOOK: ({ megabytes }) =>
      `le classeur prendrait plus de ${megabytes} Mo une fois décompressé, ce dont aucune liste de contacts n'a besoin : ` +
      "enregistrez la feuille en « CSV UTF-8 » et importez ce fichier. Rien n'a été importé",
    CONTACTS_NO_SUCH_SHEET: ({ sheet, sheets }) =>
      `le classeur n'a pas de feuille « ${sheet} » ; il y a : ${quoted(sheets)}`,
    CONTACTS_NO_SHEETS_IN_CSV: () =>
      '--sheet est pour les classeurs ; ce fichier de contacts est du texte (CSV)',
  },
};
