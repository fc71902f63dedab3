using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Billing.Platform;
using Npgsql;

namespace Billing.Testing;

/// <summary>
/// The real PostgreSQL and RabbitMQ that <c>./billing test</c> has started. Run from an editor, it starts them itself
/// and leaves them running. Every caller gets databases and virtual hosts of its own.
/// </summary>
public static class Backend
{
    private static readonly Lazy<Dictionary<string, string>> Environment = new(Start);
    private static readonly string[] Names =
        ["BILLING_POSTGRES_ADMIN", "BILLING_RABBITMQ", "BILLING_RABBITMQ_MANAGEMENT"];
    private static readonly ConcurrentDictionary<Assembly, Lazy<Task<string>>> Templates = new();
    private static int _databases;

    public static string Root { get; } = FindRoot();

    /// <summary>The instance under .run that the servers belong to.</summary>
    public static string Instance { get; } = System.Environment.GetEnvironmentVariable("BILLING_INSTANCE") ?? "test";

    public static string Admin => Environment.Value["BILLING_POSTGRES_ADMIN"];

    public static Uri RabbitMq => new(Environment.Value["BILLING_RABBITMQ"]);

    public static Uri Management => new(Environment.Value["BILLING_RABBITMQ_MANAGEMENT"]);

    /// <summary>
    /// Creates a database with a service's schema, or with the platform's tables only. The first of each kind is
    /// migrated, the others are copies of it.
    /// </summary>
    public static async Task<string> NewDatabase(Assembly? service = null)
    {
        var template = await Templates.GetOrAdd(
            service ?? typeof(Backend).Assembly, assembly => new(() => NewTemplate(assembly))).Value;
        return await Create($"template {template}");
    }

    /// <summary>Creates an empty database.</summary>
    public static Task<string> EmptyDatabase() => Create("");

    private static async Task<string> NewTemplate(Assembly service)
    {
        var connection = new NpgsqlConnectionStringBuilder(await Create("")) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(connection);
        await new Schema(source, service).Migrate();
        return connection.Database!;
    }

    private static async Task<string> Create(string how)
    {
        var name = Unique("t_", '_');
        // Not pooled: a journey may have restarted the server meanwhile.
        var alone = new NpgsqlConnectionStringBuilder(Admin) { Pooling = false };
        await using var admin = new NpgsqlConnection(alone.ConnectionString);
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name} {how}", admin);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Admin) { Database = name }.ConnectionString;
    }

    /// <summary>Creates an empty virtual host and returns its address.</summary>
    public static async Task<Uri> NewVirtualHost()
    {
        var name = Unique("t", 'x');
        using var http = Administrator();
        var vhost = new Uri($"http://{Management.Authority}/api/vhosts/{name}");
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        (await http.PutAsync(vhost, content)).EnsureSuccessStatusCode();
        var user = Uri.UnescapeDataString(RabbitMq.UserInfo.Split(':')[0]);
        using var permissions = new StringContent(
            """{"configure":".*","write":".*","read":".*"}""", Encoding.UTF8, "application/json");
        var grant = new Uri($"http://{Management.Authority}/api/permissions/{name}/{user}");
        (await http.PutAsync(grant, permissions)).EnsureSuccessStatusCode();
        return new UriBuilder(RabbitMq) { Path = "/" + name }.Uri;
    }

    /// <summary>
    /// Deletes a virtual host with its queues, each of which uses resources of the server even when it is idle.
    /// </summary>
    public static async Task DropVirtualHost(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var http = Administrator();
        await http.DeleteAsync(new Uri($"http://{Management.Authority}/api/vhosts/{address.AbsolutePath[1..]}"));
    }

    /// <summary>The names of the queues of a virtual host.</summary>
    public static async Task<IReadOnlyList<string>> QueuesOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var http = Administrator();
        var queues = await http.GetStringAsync(
            new Uri($"http://{Management.Authority}/api/queues/{address.AbsolutePath[1..]}?columns=name"));
        return [.. JsonDocument.Parse(queues).RootElement.EnumerateArray()
            .Select(queue => queue.GetProperty("name").GetString()!)];
    }

    private static HttpClient Administrator()
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Management.UserInfo))));
        return http;
    }

    /// <summary>Runs the script that manages the private servers, such as <c>restart test rabbitmq</c>.</summary>
    public static async Task Servers(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Root, "deploy/local/servers"), arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"servers {string.Join(' ', arguments)} failed with {process.ExitCode}.");
    }

    private static string Unique(string prefix, char dash) =>
        $"{prefix}{System.Environment.ProcessId}{dash}{Interlocked.Increment(ref _databases)}" +
        $"{dash}{Stopwatch.GetTimestamp() % 1_000_000}";

    private static Dictionary<string, string> Start()
    {
        var given = Names.ToDictionary(name => name, name => System.Environment.GetEnvironmentVariable(name) ?? "");
        if (given.Values.All(value => value.Length > 0))
            return given;
        Servers("start", Instance).GetAwaiter().GetResult();
        return File.ReadLines(Path.Combine(Root, ".run", Instance, "env"))
            .Select(line => line.Replace("export ", "", StringComparison.Ordinal).Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim('\'', '"'));
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The project's root was not found.");
        return folder;
    }
}
