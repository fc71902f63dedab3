namespace Billing.Tools;

/// <summary>The running system that a command works on, as <c>./billing</c> describes it in the environment.</summary>
internal static class Instance
{
    public static Uri Customer => Address("BILLING_CUSTOMER_URL");

    public static Uri Tariff => Address("BILLING_TARIFF_URL");

    public static Uri Invoicing => Address("BILLING_INVOICING_URL");

    public static Uri Payments => Address("BILLING_PAYMENTS_URL");

    /// <summary>Where partners call.</summary>
    public static Uri Partners => Address("BILLING_PARTNERS_URL");

    public static Uri Collections => Address("BILLING_COLLECTIONS_URL");

    public static Uri Identity => Address("BILLING_IDENTITY_URL");

    public static Uri RabbitMq => Address("BILLING_RABBITMQ");

    /// <summary>The broker's address as a service uses it; null when it has no user of its own.</summary>
    public static Uri? RabbitMqOf(string service) =>
        Optional($"BILLING_{service.ToUpperInvariant()}_RABBITMQ") is { } address ? new Uri(address) : null;

    public static Uri RabbitMqManagement => Address("BILLING_RABBITMQ_MANAGEMENT");

    /// <summary>The connection string of the server's administrator, for temporary databases of measurements.</summary>
    public static string Admin => Value("BILLING_POSTGRES_ADMIN");

    /// <summary>
    /// The connection string of a database on the server with the backup that runs beside the instance while it is
    /// being restored.
    /// </summary>
    public static string Beside(string database) =>
        $"Host={Value("BILLING_BESIDE")};Port=5432;Username=postgres;Database={database};Pooling=false";

    public static string PostgresBin => Value("BILLING_POSTGRES_BIN");

    /// <summary>The folder of the instance, for data that a command generates.</summary>
    public static string Folder => Value("BILLING_INSTANCE_DIR");

    /// <summary>The folder with the sessions of whoever signed in.</summary>
    public static string Sessions => Optional("BILLING_SESSIONS") ?? Path.Combine(Folder, "sessions");

    /// <summary>The file that says how the instance's own people sign in; null when it has none.</summary>
    public static string? People => Optional("BILLING_PEOPLE");

    /// <summary>The credential with which a program calls the services; null when none is named.</summary>
    public static (string Id, string Secret)? Client => Optional("BILLING_CLIENT_ID") is { } id
        ? (id, File.ReadAllText(Value("BILLING_CLIENT_SECRET_FILE")).Trim())
        : null;

    /// <summary>The file of the public key that verifies the manifests of this instance.</summary>
    public static string ManifestPublicKey => Value("BILLING_MANIFEST_PUBLIC_KEY");

    /// <summary>The files of the keys that lock personal data, the newest last; none when they are not named.</summary>
    public static IReadOnlyList<string> MasterKeys =>
        (Environment.GetEnvironmentVariable("BILLING_MASTER_KEYS") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries);

    public static string Postgres(string service) => Value($"BILLING_{service.ToUpperInvariant()}_POSTGRES");

    /// <summary>The connection string of a service's database as its owner, for changes of its schema.</summary>
    public static string OwnerPostgres(string service) => Value($"BILLING_{service.ToUpperInvariant()}_OWNER_POSTGRES");

    private static Uri Address(string key) =>
        Uri.TryCreate(Value(key), UriKind.Absolute, out var address)
            ? address
            : throw new Failure($"{key} is not an address.");

    private static string? Optional(string key) =>
        Environment.GetEnvironmentVariable(key) is { Length: > 0 } value ? value : null;

    private static string Value(string key) => Optional(key)
        ?? throw new Failure(
            $"{key} is not set: start commands by ./billing, on an instance that is up (./billing up).");
}
