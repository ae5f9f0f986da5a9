/**
 * The settings of {@code application.properties}: what there is ({@link serai.settings.Setting}), reading and checking
 * all of them before anything starts ({@link serai.settings.SettingsReader}), and keeping the values of secret ones out
 * of everything that is printed ({@link serai.settings.Secrets}). Each room declares its own settings;
 * {@code serai.SeraiSettings} puts them together.
 */
package serai.settings;
