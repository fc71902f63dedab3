using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.WebConsole;

/// <summary>
/// What administrators ask of Identity and have done there, each with the right it needs. Names are typed, so that no
/// text of a browser becomes another address.
/// </summary>
public sealed class IdentityPeer(PeerConnections connections)
{
    private const int PageSize = 50;

    /// <summary>A page of users whose name contains a text.</summary>
    public Task<Answer<UserPage>> Users(string search, UserName? after, CancellationToken cancellation) =>
        Ask<UserPage>(
            $"/users?limit={PageSize}"
                + (search.Length > 0 ? $"&search={Uri.EscapeDataString(search)}" : "")
                + (after is { } from ? $"&after={from}" : ""),
            cancellation);

    /// <summary>A user.</summary>
    public Task<Answer<UserDetails>> User(UserName user, CancellationToken cancellation) =>
        Ask<UserDetails>($"/users/{user}", cancellation);

    /// <summary>Adds a user or changes it.</summary>
    public Task<Answer<SavedUser>> Save(UserName user, SaveUserRequest body, CancellationToken cancellation) =>
        Do<SavedUser>(HttpMethod.Put, $"/users/{user}", Right.ManageUsers, body, cancellation);

    /// <summary>Locks a user.</summary>
    public Task<Answer<UserDetails>> Lock(UserName user, string reason, CancellationToken cancellation) =>
        Do<UserDetails>(
            HttpMethod.Post, $"/users/{user}/lock", Right.ManageUsers, new LockUserRequest(reason), cancellation);

    /// <summary>Unlocks a user.</summary>
    public Task<Answer<UserDetails>> Unlock(UserName user, CancellationToken cancellation) =>
        Do<UserDetails>(HttpMethod.Post, $"/users/{user}/unlock", Right.ManageUsers, null, cancellation);

    /// <summary>Makes a one-time password.</summary>
    public Task<Answer<OneTimePassword>> NewPassword(UserName user, CancellationToken cancellation) =>
        Do<OneTimePassword>(HttpMethod.Post, $"/users/{user}/password", Right.ManageUsers, null, cancellation);

    /// <summary>Takes the second factor away and makes a one-time password.</summary>
    public Task<Answer<OneTimePassword>> NewSecondFactor(UserName user, CancellationToken cancellation) =>
        Do<OneTimePassword>(
            HttpMethod.Post, $"/users/{user}/second-factor/reset", Right.ManageUsers, null, cancellation);

    /// <summary>All roles.</summary>
    public Task<Answer<List<RoleDetails>>> Roles(CancellationToken cancellation) =>
        Ask<List<RoleDetails>>("/roles", cancellation);

    /// <summary>Adds a role or changes it.</summary>
    public Task<Answer<RoleDetails>> Save(RoleCode role, SaveRoleRequest body, CancellationToken cancellation) =>
        Do<RoleDetails>(HttpMethod.Put, $"/roles/{role}", Right.ManageRoles, body, cancellation);

    /// <summary>The secrets of all clients, without their values.</summary>
    public Task<Answer<List<ClientSecret>>> Clients(CancellationToken cancellation) =>
        Ask<List<ClientSecret>>("/clients", cancellation);

    /// <summary>Issues a secret.</summary>
    public Task<Answer<IssuedSecret>> Issue(
        ClientCode client, ClientCode secret, IssueSecretRequest body, CancellationToken cancellation) =>
        Do<IssuedSecret>(
            HttpMethod.Put, $"/clients/{client}/secrets/{secret}", Right.ManageClients, body, cancellation);

    /// <summary>Revokes a secret.</summary>
    public Task<Answer<ClientSecret>> Revoke(ClientCode client, ClientCode secret, CancellationToken cancellation) =>
        Do<ClientSecret>(
            HttpMethod.Delete, $"/clients/{client}/secrets/{secret}", Right.ManageClients, null, cancellation);

    private Task<Answer<T>> Ask<T>(string query, CancellationToken cancellation)
        where T : class => connections.Ask<T>(Peer.Identity, query, Right.ReadUsers, cancellation);

    private Task<Answer<T>> Do<T>(
        HttpMethod method, string path, Right right, object? body, CancellationToken cancellation)
        where T : class => connections.Send<T>(Peer.Identity, method, path, right, body, cancellation);
}
