using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>Asserts that something fails as it should.</summary>
internal static class Throws
{
    /// <summary>Expects an error by its identifier, with a message that is more than a word.</summary>
    public static ElfMmuException Error(string id, Action action)
    {
        ElfMmuException e = Assert.Throws<ElfMmuException>(action);
        Assert.Equal(id, e.ErrorId);
        Assert.True(e.Message.Length > 20, e.Message);
        return e;
    }
}
