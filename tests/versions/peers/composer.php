<?php
// Composer's own order: composer/semver normalizes, PHP's version_compare compares.
require getenv('COMPOSER_SEMVER') ?: '/usr/share/php/Composer/Semver/autoload.php';
$parser = new Composer\Semver\VersionParser();
while (($line = fgets(STDIN)) !== false) {
    $normalized = [];
    foreach (explode("\t", rtrim($line, "\n")) as $at => $version) {
        try {
            $normalized[] = $parser->normalize($version);
        } catch (UnexpectedValueException $refused) {
            echo '!', $at + 1, "\n";
            continue 2;
        }
        // A branch is in no order.
        if (str_starts_with(end($normalized), 'dev-')) {
            echo '!', $at + 1, "\n";
            continue 2;
        }
    }
    echo '<=>'[version_compare($normalized[0], $normalized[1]) + 1], "\n";
}
