# Show-AddressSpace: what it draws, where to, and what it refuses. How pictures look in a browser is tested in xunit.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $small = New-SmallDump "$TestDrive/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $folder = (New-Item -ItemType Directory "$TestDrive/work").FullName
    Push-Location $folder

    # The strokes of a picture by what they tell: the first line of each is its range of addresses.
    function Get-Stroke([string]$Path) {
        $document = [xml]::new()
        $document.XmlResolver = $null
        $document.Load((Resolve-Path -LiteralPath $Path).ProviderPath)
        $document.SelectNodes('//*[local-name()="title"]') | ForEach-Object InnerText | Where-Object { $_ -match '(?m)^user .*, supervisor ' }
    }
}

AfterAll { Pop-Location }

Describe 'Show-AddressSpace' {
    BeforeEach { Get-ChildItem $folder -Force | Remove-Item -Force }

    It 'draws every mapping as <Name>' -ForEach @(@{ Name = 'page.html' }, @{ Name = 'page.svg' }, @{ Name = 'PAGE.HTM' }) {
        Get-PageTableMapping $small @get | Show-AddressSpace $Name | Should -BeNullOrEmpty
        Get-FileName $folder | Should -Be $Name
        Get-Stroke $Name | ForEach-Object { ($_ -split "`n")[0, 1] -join '; ' } | Should -Be @(
            '0x400000 – 0x400fff, 4 KiB; user r-x, supervisor r-x'
            '0x401000 – 0x401fff, 4 KiB; user rw-, supervisor rw-'
            '0x600000 – 0x600fff, 4 KiB; user r--, supervisor r--'
            '0xffff888000000000 – 0xffff888000001fff, 8 KiB; user ---, supervisor rw-')
    }

    It 'gives the file with -PassThru' {
        $file = Get-PageTableMapping $small @get | Show-AddressSpace page.html -PassThru
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Join-Path $folder page.html)
    }

    It 'makes the same file of the same mappings' {
        $mappings = Get-PageTableMapping $sample
        $mappings | Show-AddressSpace a.html
        $mappings | Show-AddressSpace b.html
        Get-Hash a.html | Should -Be (Get-Hash b.html)
    }

    It 'puts the spaces of one and of several dumps side by side, in the order they come' {
        & { 0x942000ul, 0x904000ul | ForEach-Object { Get-PageTableMapping $sample -Root $_ }; Get-PageTableMapping $small @get } |
            Show-AddressSpace page.html
        $text = [IO.File]::ReadAllText("$folder/page.html")
        [regex]::Matches($text, '<td class="a">root (0x\w+)</td>') | ForEach-Object { $_.Groups[1].Value } |
            Should -Be 0x942000, 0x904000, 0x1000
        $text | Should -Match '<h1>3 address spaces of 2 dumps</h1>'
        $text | Should -Match 'class="sh"'
    }

    It 'writes the <Format> format whatever the name' -ForEach @(
        @{ Format = 'Svg'; Begin = '<?xml version="1.0" encoding="utf-8"?>' }, @{ Format = 'Html'; Begin = '<!DOCTYPE html>' }) {
        Get-PageTableMapping $small @get | Show-AddressSpace picture -Format $Format
        [IO.File]::ReadLines("$folder/picture") | Select-Object -First 1 | Should -Be $Begin
    }

    It 'takes a title and the dump''s name for text' {
        $odd = (Copy-Item $small "$TestDrive/a&b'c.bin" -PassThru).FullName
        Get-PageTableMapping -LiteralPath $odd @get | Show-AddressSpace page.html -Title '<b>bold</b>'
        $text = [IO.File]::ReadAllText("$folder/page.html")
        $text | Should -Match '<h1>&lt;b&gt;bold&lt;/b&gt;</h1>'
        $text | Should -Match 'a&amp;b&#39;c\.bin'
    }

    It 'draws what -Rights <Rights> and -Privilege <Privilege> choose' -ForEach @(
        @{ Rights = 'w'; Privilege = 'Any'; Expected = '0x401000', '0xffff888000000000' }
        @{ Rights = 'w'; Privilege = 'User'; Expected = , '0x401000' }
        @{ Rights = '!w'; Privilege = 'Supervisor'; Expected = '0x400000', '0x600000' }) {
        Get-PageTableMapping $small @get | Show-AddressSpace page.svg -Rights $Rights -Privilege $Privilege
        Get-Stroke page.svg | ForEach-Object { ($_ -split ' ')[0] } | Should -Be $Expected
    }

    It 'draws a picture for each path of a script block' {
        $files = 0x904000ul, 0x942000ul | ForEach-Object { Get-PageTableMapping $sample -Root $_ -MaximumCount 20 } |
            Show-AddressSpace -Path { 'as-{0:x}.html' -f $_.Root } -PassThru
        $files.Name | Should -Be 'as-904000.html', 'as-942000.html'
        Get-FileName $folder | Should -Be 'as-904000.html', 'as-942000.html'
    }

    It 'draws what Compress-Interval made' {
        Get-PageTableMapping $sample -Privilege User | Compress-Interval | Show-AddressSpace page.svg
        Get-Stroke page.svg | Should -Not -BeNullOrEmpty
    }

    It 'draws mappings whose dump is gone' {
        $gone = (Copy-Item $small "$TestDrive/gone.bin" -PassThru).FullName
        $mappings = Get-PageTableMapping $gone @get
        Remove-Item $gone
        $mappings | Show-AddressSpace page.svg
        Get-Stroke page.svg | Should -HaveCount 4
    }

    It 'draws the same in another culture' {
        Get-PageTableMapping $sample | Show-AddressSpace here.html
        Invoke-Fresh {
            $culture = [cultureinfo]::new('de-CH')
            [cultureinfo]::CurrentCulture = $culture
            Import-Module $args[0]
            Get-PageTableMapping $args[1] | Show-AddressSpace $args[2]
        } $sample, "$folder/there.html"
        Get-Hash there.html | Should -Be (Get-Hash here.html)
    }

    It 'says in the verbose stream what it drew' {
        $said = Get-PageTableMapping $small @get | Show-AddressSpace page.html -Verbose 4>&1
        "$said" | Should -Match '4 mappings of 1 address space, 4 strokes in 3 stretches'
    }
}

Describe 'Show-AddressSpace''s file' {
    BeforeEach {
        Get-ChildItem $folder -Force | Remove-Item -Force
        [IO.File]::WriteAllText("$folder/page.html", 'old')
    }

    It 'replaces one' {
        Get-PageTableMapping $small @get | Show-AddressSpace page.html
        Get-Stroke page.html | Should -HaveCount 4
        Get-FileName $folder | Should -Be 'page.html'
    }

    It 'isn''t written with -WhatIf' {
        Get-PageTableMapping $small @get | Show-AddressSpace page.html -PassThru -WhatIf | Should -BeNullOrEmpty
        Get-PageTableMapping $small @get | Show-AddressSpace -WhatIf
        [IO.File]::ReadAllText("$folder/page.html") | Should -Be old
    }

    It 'never is a raw image behind a dump' {
        New-RawSample $folder
        $hash = Get-Hash raw.bin
        (Get-ErrorOf { Get-PageTableMapping machine.yaml | Show-AddressSpace raw.bin -Format Svg -Force }).FullyQualifiedErrorId |
            Should -Be "OutputIsInput,$commands.ShowAddressSpaceCommand"
        Get-Hash raw.bin | Should -Be $hash
    }

    It 'replaces a read-only one with -Force only' {
        (Get-Item page.html).IsReadOnly = $true
        (Get-ErrorOf { Get-PageTableMapping $small @get | Show-AddressSpace page.html }).FullyQualifiedErrorId |
            Should -Be "OutputReadOnly,$commands.ShowAddressSpaceCommand"
        [IO.File]::ReadAllText("$folder/page.html") | Should -Be old
        Get-PageTableMapping $small @get | Show-AddressSpace page.html -Force
        Get-Stroke page.html | Should -HaveCount 4
    }

    It 'stays when the pipeline before it ends in an error' {
        { Get-PageTableMapping $small @get | ForEach-Object { if ($_.Size -gt 4kb) { throw 'enough' }; $_ } | Show-AddressSpace page.html } |
            Should -Throw enough
        [IO.File]::ReadAllText("$folder/page.html") | Should -Be old
        Get-FileName $folder | Should -Be 'page.html'
    }
}

Describe 'Show-AddressSpace''s error <Id>' -ForEach @(
    @{ Id = 'PictureFormatUnknown'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace new.png } }
    @{ Id = 'PictureFormatUnknown'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace new } }
    @{ Id = 'NothingToDraw'; Script = { Get-PageTableMapping $small @get -MinimumAddress 0x700000 -MaximumAddress 0x800000 | Show-AddressSpace new.html } }
    @{ Id = 'NothingToDraw'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace new.html -Rights rwx } }
    @{ Id = 'OutputExists'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace old.html -NoClobber } }
    @{ Id = 'OutputIsInput'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace $small -Format Html -Force } }
    @{ Id = 'OutputInvalid'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace $folder -Format Html } }
    @{ Id = 'WriteFailed'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace nowhere/new.html } }
    @{ Id = 'PathNotFileSystem'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace env:new.html } }
    @{ Id = 'PathInvalid'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace Nowhere:/new.html } }
    @{ Id = 'RightsInvalid'; Script = { Get-PageTableMapping $small @get | Show-AddressSpace new.html -Rights q } }
    @{ Id = 'MappingConflict'
        Script = {
            $words = New-PageTable @(@{ Virtual = 0x400000ul; Physical = 0xc000 })
            $path = New-RawDump "$TestDrive/changing.bin" 64kb $words
            $before = Get-PageTableMapping $path @get
            $after = Get-PageTableMapping $small @get -MaximumCount 1
            $field = $after.GetType().GetField('<Space>k__BackingField', 'NonPublic, Instance')
            $field.SetValue($after, $before.Space)
            $before, $after | Show-AddressSpace new.html
        }
    }) {
    It 'has its id and a message, and writes nothing' {
        Get-ChildItem $folder -Force | Remove-Item -Force
        [IO.File]::WriteAllText("$folder/old.html", 'old')
        $hash = Get-Hash $small
        $failure = @(Get-ErrorOf $Script)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be "$Id,$commands.ShowAddressSpaceCommand"
        $failure[0].Exception.Message | Should -Match '\.$'
        Get-FileName $folder | Should -Be 'old.html'
        [IO.File]::ReadAllText("$folder/old.html") | Should -Be old
        Get-Hash $small | Should -Be $hash
    }
}

# On Linux a page is opened by the xdg-open that stands first on the path; this one only writes down what it is given.
Describe 'Show-AddressSpace without a path' -Skip:(-not $IsLinux) {
    BeforeAll {
        $bin = (New-Item -ItemType Directory "$TestDrive/bin").FullName
        $temporary = (New-Item -ItemType Directory "$TestDrive/temporary").FullName
        [IO.File]::WriteAllText("$bin/xdg-open", "#!/bin/sh`nprintf '%s' `"`$1`" > '$TestDrive/opened'`n")
        chmod +x "$bin/xdg-open"

        function Invoke-Show([string]$Arguments, [string]$SearchPath) {
            Get-ChildItem $temporary -Force | Remove-Item -Force
            Invoke-Fresh {
                $env:TMPDIR = $args[2]
                $env:PATH = $args[4]
                Import-Module $args[0]
                $ErrorActionPreference = 'Continue'
                & ([scriptblock]::Create("Get-PageTableMapping `$args[0] -Root 0x1000 -Mode ia32e | Show-AddressSpace $($args[3])")) $args[1] 2>&1 |
                    ForEach-Object { $_ -is [System.Management.Automation.ErrorRecord] ? $_.FullyQualifiedErrorId : $_.FullName }
            } $small, $temporary, $Arguments, $SearchPath
        }
    }

    BeforeEach { Remove-Item "$TestDrive/opened" -ErrorAction Ignore }

    It 'writes a temporary <Extension> and opens it' -ForEach @(
        @{ Arguments = '-PassThru'; Extension = '.html' }, @{ Arguments = '-PassThru -Format Svg'; Extension = '.svg' }) {
        $written = Invoke-Show $Arguments "${bin}:$env:PATH"
        [IO.Path]::GetExtension($written) | Should -Be $Extension
        Split-Path $written | Should -Be $temporary
        Get-Stroke $written | Should -HaveCount 4
        $until = [datetime]::UtcNow.AddSeconds(20)
        while (-not (Test-Path "$TestDrive/opened") -and [datetime]::UtcNow -lt $until) {
            Start-Sleep -Milliseconds 50
        }

        Start-Sleep -Milliseconds 100
        [IO.File]::ReadAllText("$TestDrive/opened") | Should -Be $written
    }

    It 'opens nothing with -WhatIf' {
        Invoke-Show '-WhatIf' "${bin}:$env:PATH"
        Get-FileName $temporary | Should -BeNullOrEmpty
        Test-Path "$TestDrive/opened" | Should -BeFalse
    }

    It 'says where the page is when nothing opens it' {
        Invoke-Show '' "$TestDrive/no-such-folder" | Should -Be "OpenFailed,$commands.ShowAddressSpaceCommand"
        Get-FileName $temporary | Should -HaveCount 1
    }
}
