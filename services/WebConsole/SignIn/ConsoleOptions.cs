namespace Billing.WebConsole;

/// <summary>
/// How people sign in to the console, from the section <c>Billing:Console</c>. The provider is
/// <c>Billing:Tokens:Issuer</c>, the same whose tokens the services accept.
/// </summary>
public sealed class ConsoleOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Console";

    /// <summary>
    /// The address under which browsers know the console, when a gateway is in front of it; empty when they reach it
    /// under the address on which it listens. With <c>https</c>, cookies are sent over https only.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// Where the console itself reaches the provider, when that is not the address under which browsers know it; empty
    /// when it is.
    /// </summary>
    public string Backchannel { get; set; } = "";

    /// <summary>The name of the console at the provider.</summary>
    public string ClientId { get; set; } = "billing-console";

    /// <summary>The file with the secret under which the console exchanges codes.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What is asked of the provider, separated by blanks.</summary>
    public string Scope { get; set; } = "openid profile offline_access";

    /// <summary>
    /// The folder of the keys of cookies and of the sessions, encrypted; it belongs to the console alone.
    /// </summary>
    public string Keys { get; set; } = "";

    /// <summary>When a session ends in any case, hours after signing in, 1 to 24.</summary>
    public int SessionHours { get; set; } = 12;

    /// <summary>When a session ends that nobody uses, minutes, 5 to 480.</summary>
    public int IdleMinutes { get; set; } = 60;

    /// <summary>Whether browsers use https.</summary>
    internal bool IsHttps => Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The secret.</summary>
    internal string ReadSecret() => File.ReadAllText(ClientSecret).Trim();
}
