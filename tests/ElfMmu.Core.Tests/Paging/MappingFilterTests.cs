using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

public class MappingFilterTests
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;

    [Theory]
    [InlineData(null, Rights.None, Rights.None)]
    [InlineData("  ", Rights.None, Rights.None)]
    [InlineData("rw", R | W, Rights.None)]
    [InlineData("WR", R | W, Rights.None)]
    [InlineData("!x", Rights.None, X)]
    [InlineData("r!wx", R, W | X)]
    [InlineData("r-x", R | X, W)]
    [InlineData("---", Rights.None, R | W | X)]
    public void TextIsRead(string? text, Rights required, Rights forbidden) =>
        Assert.Equal(new MappingFilter(Privilege.User, required, forbidden), MappingFilter.Parse(text, Privilege.User));

    [Theory]
    [InlineData("q")]
    [InlineData("r!r")]
    [InlineData("!")]
    [InlineData("rw!")]
    [InlineData("r-")]
    [InlineData("r--x")]
    [InlineData("-!x")]
    public void NonsenseIsRefused(string text) => Throws.Error("RightsInvalid", () => MappingFilter.Parse(text));

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        for (int required = 0; required < 8; required++)
        {
            for (int forbidden = 0; forbidden < 8; forbidden++)
            {
                if ((required & forbidden) == 0)
                {
                    var filter = new MappingFilter(Privilege.Supervisor, (Rights)required, (Rights)forbidden);
                    Assert.Equal(filter, MappingFilter.Parse(filter.RightsText, Privilege.Supervisor));
                }
            }
        }
    }
}
