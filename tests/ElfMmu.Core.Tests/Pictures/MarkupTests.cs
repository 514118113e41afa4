using System.Xml.Linq;
using ElfMmu.Pictures;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>Text that isn't ours.</summary>
public sealed class MarkupTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a&b \"c\" 'd'", "a&amp;b &quot;c&quot; &#39;d&#39;")]
    [InlineData("two\nlines", "two&#10;lines")]
    [InlineData("\u0000\u001b[31m", "\\u{0}\\u{1b}[31m")]
    [InlineData("gpj.\u202eexe", "gpj.\\u{202e}exe")]
    [InlineData("\ufffe\uffff\u2028", "\\u{fffe}\\u{ffff}\\u{2028}")]
    [InlineData("日本 \U0001f9e0 é", "日本 \U0001f9e0 é")]
    [InlineData("\U0001ffff", "\\u{1ffff}")]
    public void IsEscaped(string text, string expected) => Assert.Equal(expected, Markup.Escape(text));

    [Fact]
    public void HalvesOfCharactersAreNumbers()
    {
        Assert.Equal("\\u{d83e}x", Markup.Escape("\ud83ex"));
        Assert.Equal("\\u{dd60}", Markup.Escape("\udd60"));
        Assert.Equal("\\u{d83e}", Markup.Escape("\ud83e"));
    }

    [Fact]
    public void AnyTextIsWellFormedAsContentAndAsAttribute()
    {
        for (int block = 0; block < 0x10000; block += 64)
        {
            string text = new([.. Enumerable.Range(block, 64).Select(c => (char)c)]);
            var output = new StringWriter();
            new Markup(output).Element("e", text, ("a", text));
            XElement element = XElement.Parse(output.ToString());
            Assert.Equal(element.Value, element.Attribute("a")!.Value);
        }
    }
}
