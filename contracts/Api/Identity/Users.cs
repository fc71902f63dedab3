namespace Billing.Contracts.Api;

/// <summary>A user as it shall be.</summary>
/// <param name="DisplayName">The name for people, 1 to 100 characters.</param>
/// <param name="Roles">All roles of the user.</param>
/// <param name="Regions">The regions that the user may see; all when empty, and as they were when null.</param>
/// <param name="Projects">The projects that the user may see; all when empty, and as they were when null.</param>
public sealed record SaveUserRequest(
    string DisplayName, IReadOnlyList<RoleCode> Roles, IReadOnlyList<Region>? Regions = null,
    IReadOnlyList<Project>? Projects = null);

/// <summary>A user.</summary>
/// <param name="Name">The name under which the user signs in.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Roles">The user's roles.</param>
/// <param name="Regions">The regions that the user may see; all when empty.</param>
/// <param name="Projects">The projects that the user may see; all when empty.</param>
/// <param name="Locked">Whether an administrator has locked the user.</param>
/// <param name="LockedBecause">Why; empty while the user is not locked.</param>
/// <param name="SecondFactor">Whether the user has set up a second factor.</param>
/// <param name="PasswordIsOneTime">Whether the user has to replace the password at the next sign-in.</param>
public sealed record UserDetails(
    UserName Name, string DisplayName, IReadOnlyList<RoleCode> Roles, IReadOnlyList<Region> Regions,
    IReadOnlyList<Project> Projects, bool Locked, string LockedBecause, bool SecondFactor, bool PasswordIsOneTime);

/// <summary>A user that was saved.</summary>
/// <param name="User">The user.</param>
/// <param name="OneTimePassword">The password of a new user, told this once; null for one that existed.</param>
public sealed record SavedUser(UserDetails User, string? OneTimePassword);

/// <summary>A page of users.</summary>
/// <param name="Users">The users, by name.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record UserPage(IReadOnlyList<UserDetails> Users, string? Next);

/// <summary>Locks a user.</summary>
/// <param name="Reason">Why, 1 to 400 characters.</param>
public sealed record LockUserRequest(string Reason);

/// <summary>A password that was made for somebody, told this once.</summary>
/// <param name="Password">The password, to be replaced at the next sign-in.</param>
public sealed record OneTimePassword(string Password);
