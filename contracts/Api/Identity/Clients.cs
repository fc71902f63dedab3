namespace Billing.Contracts.Api;

/// <summary>A secret of a client: what it may do, and until when.</summary>
/// <param name="Name">The client's name for people, 1 to 100 characters.</param>
/// <param name="Rights">What the client may do with this secret.</param>
/// <param name="ExpiresOn">The last day on which the secret is good, inclusive; at most two years ahead.</param>
public sealed record IssueSecretRequest(string Name, IReadOnlyList<Right> Rights, DateOnly ExpiresOn);

/// <summary>A secret of a client, without the secret itself.</summary>
/// <param name="Client">The client under whose name it acts.</param>
/// <param name="Secret">Which of the client's secrets it is.</param>
/// <param name="ClientId">The <c>client_id</c> to sign in with.</param>
/// <param name="Name">The client's name for people.</param>
/// <param name="Rights">What the client may do with it.</param>
/// <param name="ExpiresOn">The last day on which it is good, inclusive.</param>
public sealed record ClientSecret(
    ClientCode Client, ClientCode Secret, string ClientId, string Name, IReadOnlyList<Right> Rights,
    DateOnly ExpiresOn);

/// <summary>A secret that was issued.</summary>
/// <param name="Issued">What it is for.</param>
/// <param name="Value">The <c>client_secret</c>, told this once; null when it had been issued before.</param>
public sealed record IssuedSecret(ClientSecret Issued, string? Value);
