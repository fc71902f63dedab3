global using Billing.Contracts;
global using Billing.Platform;
global using Billing.Testing;
global using FluentAssertions;
global using Xunit;
