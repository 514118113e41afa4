using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>A browser without a screen, a profile or a network, that opens one file.</summary>
internal static class Browser
{
    /// <summary>What a page of a size looks like.</summary>
    public static Png Screenshot(string page, int width, int height)
    {
        string picture = page + ".png";
        Run(page, $"--window-size={width},{height}", "--hide-scrollbars", "--force-device-scale-factor=1", $"--screenshot={picture}");
        return Png.Load(picture);
    }

    /// <summary>What comes out of a printer, as a PDF's bytes in Latin-1.</summary>
    public static string Print(string page)
    {
        string pdf = page + ".pdf";
        Run(page, "--no-pdf-header-footer", $"--print-to-pdf={pdf}");
        return System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(pdf));
    }

    /// <summary>The page as the browser understood it.</summary>
    public static string Dom(string page) => Run(page, "--dump-dom").Output;

    private static ToolResult Run(string page, params IEnumerable<string> arguments)
    {
        string profile = Directory.CreateTempSubdirectory("elfmmu-browser-").FullName;
        try
        {
            ToolResult result = Tools.Run(
                "timeout",
                [
                    "120", Tools.Browser!, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", $"--user-data-dir={profile}",
                    .. arguments, new Uri(page).AbsoluteUri,
                ]);
            Assert.True(result.ExitCode == 0, result.Errors);
            return result;
        }
        finally
        {
            Remove(profile);
        }
    }

    /// <summary>The browser's other processes may write a little longer than it lives.</summary>
    private static void Remove(string profile)
    {
        for (int left = 20; left >= 0; left--)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
                return;
            }
            catch (IOException) when (left > 0)
            {
                Thread.Sleep(100);
            }
        }
    }
}
